import {
  backend,
  type AppRegistrationForm,
  type AppRegistrationVerdict,
  type ConnectionDetail,
  type SecretForm,
} from "../../backend";
import { filled, readPaste, type Announcement } from "../../paste";
import { Inspection } from "../../state/inspection.svelte";
import { SecretEntry, type AppField } from "../../state/secret.svelte";

type Entry = "clientSecret" | "secretExpiresOn";

const LABELS = { clientSecret: "Client secret", secretExpiresOn: "Secret expires on" };

/** A new secret for a connection that there is: read, tidied and looked at as in the form of a new connection. */
export class NewSecret {
  text = $state("");
  expiresOn = $state("");
  insists = $state(false);
  /** What a paste filled in; it can be taken back until something else is typed. */
  pasted = $state.raw<Announcement | null>(null);
  /** The application that the pasted text names, if it is another than the connection's. */
  otherApplication = $state.raw<string | null>(null);

  readonly inspection = new Inspection<AppRegistrationForm, AppField, AppRegistrationVerdict>(
    (form) => backend().inspectAppRegistration(form),
  );
  readonly entry: SecretEntry;
  #detail: ConnectionDetail;
  #onChange: () => void;

  /** `onChange` hears that what was tested is no longer what would be kept. */
  constructor(detail: ConnectionDetail, onChange: () => void) {
    this.#detail = detail;
    this.#onChange = onChange;
    this.entry = this.#secretEntry();
  }

  get form(): SecretForm {
    return {
      clientSecret: this.text,
      secretExpiresOn: this.expiresOn || null,
      secretIdIsRight: this.insists,
    };
  }

  changed(field: Entry): void {
    this.#forget();
    this.inspection.edited(field);
    this.inspection.soon(() => this.#whole());
  }

  /** A field was left: what is wrong with it may be said now, and what can be tidied is. */
  async left(field: Entry): Promise<void> {
    if (field === "clientSecret" && this.text === "") return;
    const verdict = await this.inspection.now(this.#whole());
    this.inspection.touch(field);
    if (verdict && field === "clientSecret") this.entry.tidy();
  }

  /** Whether it can be tested; whatever is wrong may be said now. It is looked at as it stands when the answer comes. */
  async fits(): Promise<boolean> {
    await this.inspection.upToDate(() => this.#whole());
    this.entry.tidy();
    const verdict = await this.inspection.upToDate(() => this.#whole());
    this.inspection.touch("clientSecret", "secretExpiresOn");
    return verdict.clientSecret.problem === null && verdict.secretExpiresOn.problem === null;
  }

  /**
   * Takes a paste that holds more than the secret. True if it was taken. What was typed before the answer came stays. An
   * application that the text names is compared: the secret of another one can't work here.
   */
  async paste(text: string): Promise<boolean> {
    const before = { clientSecret: this.text, secretExpiresOn: this.expiresOn };
    const { values, cut } = await readPaste(text);
    const { clientId, clientSecret, tenant, secretExpiresOn } = values;
    if (clientSecret === undefined && clientId === undefined && tenant === undefined) return false;
    const taken: { clientSecret?: string; secretExpiresOn?: string } = {};
    if (clientSecret !== undefined && this.text === before.clientSecret)
      taken.clientSecret = clientSecret;
    if (secretExpiresOn !== undefined && this.expiresOn === before.secretExpiresOn)
      taken.secretExpiresOn = secretExpiresOn;
    this.#put(taken);
    const other =
      clientId !== undefined && clientId.toLowerCase() !== this.#detail.clientId.toLowerCase();
    this.otherApplication = other ? clientId : null;
    const what = filled(taken, LABELS);
    const said = [
      what === ""
        ? "No client secret was found in what you pasted."
        : `Filled in ${what} from what you pasted.`,
      ...(cut ? ["The text is very long, so only its beginning was read."] : []),
    ];
    const undo = (): void => {
      this.#put({ secretExpiresOn: before.secretExpiresOn });
      // The whole of the text can be the secret.
      this.entry.setAsEntered(text);
      this.pasted = null;
    };
    this.pasted = { say: said.join(" "), undo };
    return true;
  }

  /** One value was pasted over the whole of the field: it is looked at as it is, and tidied at once. */
  async pasteOver(text: string): Promise<void> {
    this.#forget();
    this.entry.setAsEntered(text);
    this.inspection.edited("clientSecret");
    await this.left("clientSecret");
  }

  #put({
    clientSecret,
    secretExpiresOn,
  }: {
    clientSecret?: string;
    secretExpiresOn?: string;
  }): void {
    this.#forget();
    if (clientSecret !== undefined) {
      this.text = clientSecret;
      this.inspection.edited("clientSecret");
      void this.left("clientSecret");
    }
    if (secretExpiresOn === undefined) return;
    this.expiresOn = secretExpiresOn;
    this.inspection.edited("secretExpiresOn");
  }

  #forget(): void {
    if (this.pasted) this.pasted = { ...this.pasted, undo: null };
    this.otherApplication = null;
    this.#onChange();
  }

  #whole(): AppRegistrationForm {
    const { row, description, need, clientId, tenantId } = this.#detail;
    const { integration, name, cloudId: cloud, tags } = row;
    return {
      integration,
      need,
      cloud,
      name,
      description,
      tags,
      clientId,
      tenant: tenantId,
      ...this.form,
    };
  }

  #secretEntry(): SecretEntry {
    const host = (): NewSecret => this;
    return new SecretEntry(this.inspection, {
      get text() {
        return host().text;
      },
      set text(text) {
        host().text = text;
      },
      get insists() {
        return host().insists;
      },
      set insists(yes) {
        host().insists = yes;
      },
      changed: () => this.#tidied(),
      ask: () => this.inspection.now(this.#whole()),
    });
  }

  /** Tidying is no change of the person's: what was said of the paste still holds. */
  #tidied(): void {
    const { pasted, otherApplication } = this;
    this.changed("clientSecret");
    this.pasted = pasted;
    this.otherApplication = otherApplication;
  }
}
