import { asAppError, backend, type AppError, type ConsentEvent } from "../backend";
import { nextNumber } from "./numbers";

type Done = Extract<ConsentEvent, { kind: "done" }>;

export type ConsentPhase =
  | { at: "idle" }
  | { at: "opening" }
  | { at: "waiting"; deadline: string; redirectUri: string; since: number }
  | { at: "checking" }
  | { at: "done"; result: Done }
  | { at: "failed"; error: AppError };

/** Consent of an administrator in the browser of this computer. Events of an attempt that was given up are not listened to. */
export class AdminConsent {
  phase = $state.raw<ConsentPhase>({ at: "idle" });
  link = $state<string | null>(null);
  browserFailed = $state<string | null>(null);
  anotherProgram = $state(false);
  returnedWithoutAnswer = $state(false);
  #number = 0;

  /** Whether something is under way that Cancel would end. */
  get busy(): boolean {
    return ["opening", "waiting", "checking"].includes(this.phase.at);
  }

  async begin(id: string): Promise<void> {
    const number = nextNumber();
    this.#number = number;
    this.link = null;
    this.browserFailed = null;
    this.anotherProgram = false;
    this.returnedWithoutAnswer = false;
    this.phase = { at: "opening" };
    try {
      const link = await backend().beginAdminConsent(number, id, (event) => {
        if (this.#number === number) this.#hear(event);
      });
      if (this.#number === number) this.link = link;
    } catch (thrown) {
      if (this.#number === number) this.phase = { at: "failed", error: asAppError(thrown) };
    }
  }

  /** Gives the attempt up. Whatever still arrives from it is ignored. */
  async cancel(): Promise<void> {
    const number = this.#number;
    this.#number = nextNumber();
    this.phase = { at: "idle" };
    await backend().cancelSignIn(number);
  }

  #hear(event: ConsentEvent): void {
    switch (event.kind) {
      case "waiting":
        this.phase = {
          at: "waiting",
          deadline: event.deadline,
          redirectUri: event.redirectUri,
          since: Date.now(),
        };
        return;
      case "browserFailed":
        this.browserFailed = event.message;
        return;
      case "anotherProgram":
        this.anotherProgram = true;
        return;
      case "returnedWithoutAnswer":
        this.returnedWithoutAnswer = true;
        return;
      case "checking":
        this.phase = { at: "checking" };
        return;
      case "done":
        this.phase = { at: "done", result: event };
        return;
      case "failed":
        this.phase = { at: "failed", error: event.error };
    }
  }
}
