import {
  backend,
  type AppRegistrationForm,
  type AppRegistrationVerdict,
  type CloudView,
  type ConnectionDetail,
  type ConsentSubject,
  type IntegrationView,
  type SignInForm,
  type SignInVerdict,
} from "../../backend";
import { filled, readPaste, type Announcement, type Pasted } from "../../paste";
import { Check } from "../../state/check.svelte";
import { Inspection, type FormVerdict } from "../../state/inspection.svelte";
import { SecretEntry, type AppField } from "../../state/secret.svelte";
import { TenantLookup } from "../../state/tenant.svelte";
import { Entered } from "./entered.svelte";

export type SignInField = "name" | "clientId" | "tenant" | "need";
/** The fields that both methods have, and that are tidied. */
export type IdField = "clientId" | "tenant";

/** What a test needs. The name is no part of it. */
const TESTED: AppField[] = ["clientId", "clientSecret", "tenant", "secretExpiresOn", "need"];

/** A connection that is being made: what is wrong with what stands in the form, and its last test. */
export class Draft extends Entered {
  /** What a paste of several values filled in; it can be taken back until something else is typed. */
  pasted = $state.raw<Announcement | null>(null);

  readonly check = new Check();
  readonly lookup = new TenantLookup();
  readonly appInspection = new Inspection<AppRegistrationForm, AppField, AppRegistrationVerdict>(
    (form) => backend().inspectAppRegistration(form),
  );
  readonly signInInspection = new Inspection<SignInForm, SignInField, SignInVerdict>((form) =>
    backend().inspectSignIn(form),
  );
  readonly secret: SecretEntry;
  #start = "";
  /** Whether the person has written a name, even if it is empty again. */
  #named = false;
  #testedAs = "";

  constructor(integration: IntegrationView, clouds: CloudView[], like: ConnectionDetail | null) {
    super(integration, clouds, like);
    this.#testedAs = this.tested();
    this.#start = this.content();
    this.secret = this.#secretEntry();
  }

  /** Whether closing would lose something that was typed. */
  get typed(): boolean {
    return this.content() !== this.#start;
  }

  /** The Application (client) ID once it is known to be one. */
  get knownClientId(): string | null {
    return this.#inspection.read("clientId", this.values.clientId);
  }

  /** What an administrator would be asked to consent to. */
  get consentSubject(): ConsentSubject {
    const { clientId, tenant } = this.values;
    const { cloud, method } = this;
    const need = this.fittingNeed;
    const form = { integration: this.integration.id, need, cloud, tenant, clientId, method };
    return { kind: "form", form };
  }

  /** Fills in a free name, unless the person has begun to write one by the time it comes. True if it was taken. */
  async suggestName(): Promise<boolean> {
    const name = await backend().suggestName(this.integration.id);
    if (this.#named || this.name !== "") return false;
    const untouched = !this.typed;
    this.name = name;
    if (untouched) this.#start = this.content();
    this.changed();
    return true;
  }

  /** Something in the form changed. The last report stays as long as what was tested stands there, and the backend is asked again. */
  changed(field?: AppField | SignInField): void {
    if (this.tested() !== this.#testedAs) this.check.discard();
    this.#testedAs = this.tested();
    if (this.pasted) this.pasted = { ...this.pasted, undo: null };
    if (field === "name") this.#named = true;
    if (field === "tenant") this.lookup.forget();
    if (field) this.#edited(field);
    if (this.method === "oauth") this.signInInspection.soon(() => this.signInForm);
    else this.appInspection.soon(() => this.appForm);
  }

  /** The clouds have different default applications; one that was typed stays. */
  chooseCloud(id: string): void {
    const before = this.cloudView?.defaultClientId ?? "";
    this.cloud = id;
    if (this.oauth.clientId === before) this.oauth.clientId = this.cloudView?.defaultClientId ?? "";
    this.changed();
    void this.lookUpTenant();
  }

  /** The other method was chosen, which has fields of its own: what is known of the tenant was about another one. */
  async methodChosen(): Promise<void> {
    this.lookup.forget();
    this.pasted = null;
    this.changed();
    const { method } = this;
    if ((await this.#ask()) && this.method === method) await this.lookUpTenant();
  }

  /** A field was left: what is wrong with it may be said now, and what can be tidied is. */
  async left(field: AppField | SignInField): Promise<void> {
    const { method } = this;
    const current = await this.#ask();
    if (this.method !== method) return;
    // That something is missing is said when it is needed, not to whoever passes by.
    if (field !== "name" && this.#textOf(field) === "") return;
    this.#touch(field);
    // Without an answer, because another field was typed into meanwhile, the last verdict is about an older text.
    if (!current) return;
    if (field === "clientSecret") this.secret.tidy();
    if (field !== "clientId" && field !== "tenant") return;
    this.#tidy(field);
    if (field === "tenant") await this.lookUpTenant();
  }

  /** Shows which tenant stands in the form, once it names a single one. */
  async lookUpTenant(): Promise<void> {
    const tenant = this.#inspection.read("tenant", this.values.tenant);
    const named = tenant !== null && (tenant.includes(".") || tenant.includes("-"));
    if (named) await this.lookup.ask(this.cloud, tenant);
    else this.lookup.forget();
  }

  problem(field: IdField): string | null {
    return this.#inspection.problem(field);
  }

  notes(field: IdField): string[] {
    return this.#inspection.notes(field);
  }

  /** What one click can make of a field: what was probably meant, or the text before it was cleaned up. */
  fixes(field: IdField): { label: string; apply: () => void }[] {
    const meant = this.#inspection.suggestion(field, this.values[field]);
    if (meant !== null) return [{ label: `Use ${meant}`, apply: () => this.#use(field, meant) }];
    return this.#inspection.canUndo(field)
      ? [{ label: "Undo", apply: () => this.#undo(field) }]
      : [];
  }

  /** Whether the App Registration form can be tested; whatever is wrong may be said now. */
  async fitsTest(): Promise<boolean> {
    await this.#finishSecret();
    return this.#fits(this.appInspection, TESTED, () => this.appForm);
  }

  /** Whether a connection can be made of the App Registration form. */
  async fitsApp(): Promise<boolean> {
    await this.#finishSecret();
    return this.#fits(this.appInspection, ["name", ...TESTED], () => this.appForm);
  }

  fitsSignIn(): Promise<boolean> {
    return this.#fits(
      this.signInInspection,
      ["name", "clientId", "tenant", "need"],
      () => this.signInForm,
    );
  }

  /**
   * Takes a paste that holds more than the one field's value. True if it was taken. `putBack` puts the text into the field
   * that it was meant for, should the person want that. A field that was typed into before the answer came stays as it is.
   */
  async paste(text: string, putBack?: (text: string) => void): Promise<boolean> {
    const { method } = this;
    const fields = this.values as Record<keyof Pasted, string>;
    const before = { ...fields };
    const { values, cut } = await readPaste(text);
    if (this.method !== method) return true;
    const { clientSecret, clientId, tenant } = values;
    const secretOnly = clientSecret !== undefined && clientId === undefined && tenant === undefined;
    if (Object.keys(values).length === 0) return false;
    const known =
      method === "oauth"
        ? (["clientId", "tenant"] as const)
        : (Object.keys(values) as (keyof Pasted)[]);
    const names = known.filter(
      (field) => values[field] !== undefined && fields[field] === before[field],
    );
    const taken: Pasted = {};
    for (const name of names) taken[name] = values[name] ?? "";
    const wereTouched = names.filter((name) => this.#inspection.isTouched(name as IdField));
    Object.assign(fields, taken);
    this.changed();
    this.lookup.forget();
    for (const name of names) this.#edited(name);
    this.#touch(...names);
    void this.#finish();
    const said = [
      ...(method === "oauth" && secretOnly
        ? []
        : [`Filled in ${filled(taken, this.labels)} from what you pasted.`]),
      ...(method === "oauth" && clientSecret !== undefined
        ? ["The secret was left out: OAuth needs none."]
        : []),
      ...(method === "appRegistration" && clientSecret === undefined && this.app.clientSecret === ""
        ? ["There was no client secret in it."]
        : []),
      ...(cut ? ["The text is very long, so only its beginning was read."] : []),
    ];
    const undo = (): void => {
      for (const name of names) fields[name] = before[name];
      this.changed();
      this.lookup.forget();
      for (const name of names) this.#edited(name);
      this.#inspection.untouch(
        ...(names.filter((name) => !wereTouched.includes(name)) as IdField[]),
      );
      void this.#ask();
      putBack?.(text);
      this.pasted = null;
    };
    this.pasted = { say: said.join(" "), undo };
    return true;
  }

  /** One value was pasted over the whole of a field: it is looked at as it is, and tidied at once. */
  async pasteOver(field: IdField | "clientSecret", text: string): Promise<void> {
    this.setAsEntered(field, text);
    this.#edited(field);
    await this.left(field);
  }

  /** Puts a text into a field and leaves it as it is. */
  setAsEntered(field: IdField | "clientSecret", text: string): void {
    if (field === "clientSecret") {
      this.secret.setAsEntered(text);
      return;
    }
    this.values[field] = text;
    this.changed(field);
    this.#inspection.keep(field);
    this.#touch(field);
    void this.#ask();
  }

  get #inspection() {
    return this.method === "oauth" ? this.signInInspection : this.appInspection;
  }

  /** Whether the verdict is about the form as it was a moment ago. */
  async #ask(): Promise<boolean> {
    if (this.method === "oauth") return (await this.signInInspection.now(this.signInForm)) !== null;
    return (await this.appInspection.now(this.appForm)) !== null;
  }

  #textOf(field: AppField | SignInField): string {
    if (field === "name") return this.name;
    // Something is always chosen.
    if (field === "need") return this.need.kind;
    return field === "clientId" || field === "tenant" ? this.values[field] : this.app[field];
  }

  /** Looks at the form as it stands when the answer comes. */
  async #fits<
    Form extends Partial<Record<Field, unknown>>,
    Field extends string,
    V extends FormVerdict<Field>,
  >(inspection: Inspection<Form, Field, V>, fields: Field[], form: () => Form): Promise<boolean> {
    const verdict = await inspection.upToDate(form);
    inspection.touch(...fields);
    return fields.every((field) => verdict[field].problem === null);
  }

  #touch(...fields: (AppField | SignInField)[]): void {
    if (this.method === "oauth")
      this.signInInspection.touch(...fields.filter((field) => isSignInField(field)));
    else this.appInspection.touch(...fields);
  }

  #edited(field: AppField): void {
    this.appInspection.edited(field);
    if (isSignInField(field)) this.signInInspection.edited(field);
  }

  /** Tidies what a paste filled in, and looks its tenant up. */
  async #finish(): Promise<void> {
    const { method } = this;
    if (!(await this.#ask()) || this.method !== method) return;
    for (const field of ["clientId", "tenant"] as const) this.#tidy(field);
    if (method === "appRegistration") this.secret.tidy();
    await this.lookUpTenant();
  }

  /** A press may come before the secret's field was left. */
  async #finishSecret(): Promise<void> {
    await this.appInspection.upToDate(() => this.appForm);
    this.secret.tidy();
  }

  /** Tidies a field, unless the verdict is about another text than what stands in it by now. */
  #tidy(field: IdField): void {
    this.values[field] = this.#inspection.tidy(field, this.values[field]) ?? this.values[field];
  }

  #use(field: IdField, meant: string): void {
    const before = this.values[field];
    this.values[field] = meant;
    this.changed(field);
    this.#inspection.replaced(field, before, `“${meant}” was taken from what you entered.`);
    void this.#finish();
  }

  #undo(field: IdField): void {
    const before = this.#inspection.undo(field);
    if (before !== null) this.setAsEntered(field, before);
  }

  #secretEntry(): SecretEntry {
    const { app } = this;
    return new SecretEntry(this.appInspection, {
      get text() {
        return app.clientSecret;
      },
      set text(text) {
        app.clientSecret = text;
      },
      get insists() {
        return app.secretIdIsRight;
      },
      set insists(yes) {
        app.secretIdIsRight = yes;
      },
      changed: () => this.changed("clientSecret"),
      ask: () => this.#ask(),
    });
  }
}

function isSignInField(field: AppField | SignInField): field is SignInField {
  return field === "name" || field === "clientId" || field === "tenant" || field === "need";
}
