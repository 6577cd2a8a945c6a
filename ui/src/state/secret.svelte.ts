import type { AppRegistrationForm, AppRegistrationVerdict } from "../backend";
import type { Fix } from "../components/FieldNotes.svelte";
import { withoutInvisible } from "../paste";
import type { Inspection } from "./inspection.svelte";

export type AppField = "name" | "clientId" | "clientSecret" | "tenant" | "secretExpiresOn" | "need";
export type AppInspection = Inspection<AppRegistrationForm, AppField, AppRegistrationVerdict>;

/** The form that a secret is a part of. */
interface SecretHost {
  text: string;
  insists: boolean;
  /** The text changed: what was tested is no longer what would be kept. */
  changed: () => void;
  /** Asks about the form at once; what comes of it is told to the inspection. */
  ask: () => Promise<unknown>;
}

/** A client secret on its way in: what nobody sees around it goes, is said, and can be put back. */
export class SecretEntry {
  readonly inspection: AppInspection;
  #host: SecretHost;

  constructor(inspection: AppInspection, host: SecretHost) {
    this.inspection = inspection;
    this.#host = host;
  }

  get text(): string {
    return this.#host.text;
  }

  set text(text: string) {
    this.#host.text = text;
  }

  /** Whether the person says that what looks like a Secret ID is the secret. */
  get insists(): boolean {
    return this.#host.insists;
  }

  set insists(yes: boolean) {
    this.#host.insists = yes;
  }

  /** What one click can make of it. */
  fixes(): Fix[] {
    if (this.inspection.canUndo("clientSecret"))
      return [{ label: "Undo", apply: () => this.#undo() }];
    const visible = withoutInvisible(this.text);
    if (visible === null) return [];
    const apply = (): void => this.#replace(visible, "The invisible characters were removed.");
    return [{ label: "Remove invisible characters", apply }];
  }

  /** Takes away what nobody sees around it, unless the person put it back. The program says where the secret is. */
  tidy(): void {
    const { inspection, text } = this;
    if (inspection.isKept("clientSecret") || !inspection.isAbout("clientSecret", text)) return;
    const within = inspection.verdict?.secretWithin ?? null;
    if (!within) return;
    const bare = text.slice(within.start, within.end);
    // A line break at the end is no part of anything, and nothing to speak of.
    if (text.replace(/[\r\n]+$/, "") === bare) this.text = bare;
    else this.#replace(bare, "The spaces around it were removed.");
  }

  /** Puts a text in and leaves it as it is. */
  setAsEntered(text: string): void {
    this.text = text;
    this.#host.changed();
    this.inspection.keep("clientSecret");
    this.inspection.touch("clientSecret");
    void this.#host.ask();
  }

  #replace(secret: string, note: string): void {
    const before = this.text;
    this.text = secret;
    this.#host.changed();
    this.inspection.replaced("clientSecret", before, note);
  }

  #undo(): void {
    const before = this.inspection.undo("clientSecret");
    if (before !== null) this.setAsEntered(before);
  }
}
