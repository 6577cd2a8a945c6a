import {
  backend,
  type AppRegistrationForm,
  type AppRegistrationVerdict,
  type CloudView,
  type ConnectionDetail,
  type IntegrationView,
  type MethodKind,
  type SignInForm,
  type SignInVerdict,
} from "../../backend";
import { Check } from "../../state/check.svelte";
import { Inspection } from "../../state/inspection.svelte";
import { tagList } from "../../tags";
import { filled, readPaste } from "./paste";

export type AppField = "name" | "clientId" | "clientSecret" | "tenant" | "secretExpiresOn";
export type SignInField = "name" | "clientId" | "tenant";

/** A connection that is being made: what stands in the form, what is wrong with it, and its last test. */
export class Draft {
  readonly integration: IntegrationView;
  readonly clouds: CloudView[];
  name = $state("");
  description = $state("");
  tags = $state("");
  cloud = $state("");
  method = $state<MethodKind>("oauth");
  oauth = $state({ clientId: "", tenant: "organizations" });
  app = $state({ clientId: "", clientSecret: "", tenant: "", secretExpiresOn: "", secretIdIsRight: false });
  /** What a paste filled in, said once. */
  pasted = $state<string | null>(null);

  readonly check = new Check();
  readonly appInspection = new Inspection<AppRegistrationForm, AppField, AppRegistrationVerdict>((form) =>
    backend().inspectAppRegistration(form),
  );
  readonly signInInspection = new Inspection<SignInForm, SignInField, SignInVerdict>((form) =>
    backend().inspectSignIn(form),
  );
  #start = "";

  constructor(integration: IntegrationView, clouds: CloudView[], like: ConnectionDetail | null) {
    this.integration = integration;
    this.clouds = clouds;
    this.cloud = clouds[0]?.id ?? "";
    this.oauth.clientId = clouds[0]?.defaultClientId ?? "";
    if (like) this.#copy(like);
    this.#start = this.#typed();
  }

  get appForm(): AppRegistrationForm {
    return { ...this.#common(), ...this.app, secretExpiresOn: this.app.secretExpiresOn || null };
  }

  get signInForm(): SignInForm {
    return { ...this.#common(), ...this.oauth };
  }

  /** Whether closing would lose something that was typed. */
  get typed(): boolean {
    return this.#typed() !== this.#start;
  }

  get cloudView(): CloudView | undefined {
    return this.clouds.find(({ id }) => id === this.cloud);
  }

  async suggestName(): Promise<void> {
    const untouched = !this.typed;
    const name = await backend().suggestName(this.integration.id);
    if (this.name === "") this.name = name;
    if (untouched) this.#start = this.#typed();
    this.changed();
  }

  /** Something in the form changed: the last report is no longer about it, and the backend is asked again. */
  changed(field?: AppField | SignInField): void {
    this.check.discard();
    if (field) {
      this.appInspection.edited(field);
      if (field === "name" || field === "clientId" || field === "tenant") this.signInInspection.edited(field);
    }
    if (this.method === "oauth") this.signInInspection.soon(() => this.signInForm);
    else this.appInspection.soon(() => this.appForm);
  }

  /** The clouds have different default applications; one that was typed stays. */
  chooseCloud(id: string): void {
    const before = this.cloudView?.defaultClientId ?? "";
    this.cloud = id;
    if (this.oauth.clientId === before) this.oauth.clientId = this.cloudView?.defaultClientId ?? "";
    this.changed();
  }

  /** A field of the App Registration form was left: what is wrong with it may be said now. */
  async leftApp(field: AppField): Promise<void> {
    await this.appInspection.now(this.appForm);
    this.appInspection.touch(field);
    if (field === "clientId" || field === "tenant") {
      this.app[field] = this.appInspection.tidy(field, this.app[field]) ?? this.app[field];
    }
  }

  async leftSignIn(field: SignInField): Promise<void> {
    await this.signInInspection.now(this.signInForm);
    this.signInInspection.touch(field);
    if (field !== "name") this.oauth[field] = this.signInInspection.tidy(field, this.oauth[field]) ?? this.oauth[field];
  }

  /** Whether the App Registration form can be created from; whatever is wrong may be said now. */
  async fitsApp(): Promise<boolean> {
    const fields: AppField[] = ["name", "clientId", "clientSecret", "tenant", "secretExpiresOn"];
    this.appInspection.touch(...fields);
    const verdict = await this.appInspection.now(this.appForm);
    return verdict !== null && fields.every((field) => verdict[field].problem === null);
  }

  async fitsSignIn(): Promise<boolean> {
    const fields: SignInField[] = ["name", "clientId", "tenant"];
    this.signInInspection.touch(...fields);
    const verdict = await this.signInInspection.now(this.signInForm);
    return verdict !== null && fields.every((field) => verdict[field].problem === null);
  }

  /** Takes a paste that holds more than the one field's value. True if it was taken. */
  paste(text: string): boolean {
    const values = readPaste(text);
    if (!values) return false;
    Object.assign(this.app, values);
    this.pasted = `Filled in ${filled(values)} from what you pasted.`;
    this.changed();
    const fields = Object.keys(values) as AppField[];
    for (const field of fields) this.appInspection.edited(field);
    this.appInspection.touch(...fields);
    return true;
  }

  #copy(like: ConnectionDetail): void {
    this.description = like.description;
    this.tags = like.row.tags.join(", ");
    this.method = like.row.method;
    this.cloud = this.clouds.find(({ id }) => id === like.row.cloudId)?.id ?? this.cloud;
    const tenant = like.tenantDomain ?? like.tenantId;
    if (like.row.method === "oauth") this.oauth = { clientId: like.clientId, tenant };
    else this.app = { ...this.app, clientId: like.clientId, tenant };
  }

  #common() {
    const tags = tagList(this.tags);
    return { integration: this.integration.id, cloud: this.cloud, name: this.name, description: this.description, tags };
  }

  #typed(): string {
    return JSON.stringify([this.name, this.description, this.tags, this.oauth, this.app]);
  }
}
