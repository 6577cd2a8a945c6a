import { backend, type ConsentEvent } from "../backend";
import { Attempt, type CommonEvent } from "./attempt.svelte";

type Done = Exclude<ConsentEvent, CommonEvent>;

/** Consent of an administrator in the browser of this computer. */
export class AdminConsent extends Attempt<Done, { at: "done"; result: Done }> {
  constructor() {
    super((result) => ({ at: "done", result }));
  }

  async begin(id: string): Promise<void> {
    await this.open((number, onEvent) => backend().beginAdminConsent(number, id, onEvent));
  }
}
