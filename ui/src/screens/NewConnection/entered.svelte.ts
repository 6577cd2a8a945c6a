import type {
  AppRegistrationForm,
  CloudView,
  ConnectionDetail,
  IntegrationView,
  MethodKind,
  Need,
  PermissionView,
  SignInForm,
} from "../../backend";
import { fitting, needed } from "../../needs";
import { tagList } from "../../tags";

/** What a person has entered for a new connection, with both methods beside each other, and the forms that it makes. */
export class Entered {
  readonly integration: IntegrationView;
  readonly clouds: CloudView[];
  name = $state("");
  description = $state("");
  tags = $state("");
  cloud = $state("");
  method = $state<MethodKind>("oauth");
  /** How much it is meant to do. */
  need = $state.raw<Need>({ kind: "readWrite" });
  oauth = $state({ clientId: "", tenant: "organizations" });
  app = $state({
    clientId: "",
    clientSecret: "",
    tenant: "",
    secretExpiresOn: "",
    secretIdIsRight: false,
  });

  constructor(integration: IntegrationView, clouds: CloudView[], like: ConnectionDetail | null) {
    this.integration = integration;
    this.clouds = clouds;
    this.cloud = clouds[0]?.id ?? "";
    this.oauth.clientId = clouds[0]?.defaultClientId ?? "";
    if (like) this.#copy(like);
  }

  get appForm(): AppRegistrationForm {
    return { ...this.#common(), ...this.app, secretExpiresOn: this.app.secretExpiresOn || null };
  }

  get signInForm(): SignInForm {
    return { ...this.#common(), ...this.oauth };
  }

  /** The permissions that it needs, by what it is meant to do. */
  get needed(): PermissionView[] {
    return needed(this.integration, this.method, this.need);
  }

  get cloudView(): CloudView | undefined {
    return this.clouds.find(({ id }) => id === this.cloud);
  }

  /** The fields of the chosen method that both methods have. */
  protected get values(): { clientId: string; tenant: string } {
    return this.method === "oauth" ? this.oauth : this.app;
  }

  protected get fittingNeed(): Need {
    return fitting(this.integration, this.method, this.need);
  }

  protected get labels() {
    if (this.method === "oauth") return { clientId: "Application (client) ID", tenant: "Tenant" };
    return {
      clientId: "Client ID",
      clientSecret: "Client secret",
      tenant: "Tenant ID",
      secretExpiresOn: "Secret expires on",
    };
  }

  #copy(like: ConnectionDetail): void {
    this.name = like.row.name;
    this.description = like.description;
    this.tags = like.row.tags.join(", ");
    this.method = like.row.method;
    this.need = like.need;
    this.cloud = this.clouds.find(({ id }) => id === like.row.cloudId)?.id ?? this.cloud;
    const tenant = like.tenantDomain ?? like.tenantId;
    if (like.row.method === "oauth") this.oauth = { clientId: like.clientId, tenant };
    else Object.assign(this.app, { clientId: like.clientId, tenant });
  }

  #common() {
    const tags = tagList(this.tags);
    const { cloud, name, description } = this;
    return {
      integration: this.integration.id,
      need: this.fittingNeed,
      cloud,
      name,
      description,
      tags,
    };
  }

  /** Everything that a test is about. Spaces, braces and capital letters make no other ID, and name and tags no other test. */
  protected tested(): string {
    const id = (text: string): string =>
      text.replace(/[\s{}\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "").toLowerCase();
    const { clientId, tenant, clientSecret } = this.app;
    return JSON.stringify([
      this.method,
      this.integration.id,
      this.need,
      this.cloud,
      id(clientId),
      id(tenant),
      clientSecret,
    ]);
  }

  /** All of it, to see whether anything has changed. */
  protected content(): string {
    return JSON.stringify([
      this.name,
      this.description,
      this.tags,
      this.need,
      this.oauth,
      this.app,
    ]);
  }
}
