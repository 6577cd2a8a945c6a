// The window's one door to the rest of the program. Screens import from here and from nowhere else in this folder.
import type {
  About,
  AppError,
  AppRegistrationForm,
  AppRegistrationVerdict,
  CallView,
  Change,
  CheckReport,
  CloudView,
  CommandLine,
  ConnectionDetail,
  ConnectionList,
  ConnectionRow,
  Created,
  DayVerdict,
  PastedView,
  ConsentSubject,
  ConsentMessage,
  ConsentEvent,
  WatchView,
  MethodKind,
  Explanation,
  Finding,
  Integration,
  IntegrationView,
  KeychainUnlock,
  Need,
  PortalPage,
  Replacement,
  ResolvedTenant,
  SecretForm,
  SettingsView,
  SignInEvent,
  SignInForm,
  SignInMode,
  SignInVerdict,
  TestAllEvent,
  TestAllSummary,
  UseView,
} from "./bindings";

import { tauri } from "./tauri";

export type * from "./bindings";

/** A change of one connection. */
export type ConnectionChange = Extract<Change, { kind: "connection" }>;

/** Nothing comes back but that it was done. */
type Finished = Promise<unknown>;

/** What the program can do for the window. Every promise rejects with an {@link AppError}. */
export interface Backend {
  listConnections(): Promise<ConnectionList>;
  connectionDetail(id: string): Promise<ConnectionDetail>;
  listIntegrations(): Promise<IntegrationView[]>;
  /** The first one is the default. */
  listClouds(): Promise<CloudView[]>;
  suggestName(integration: Integration): Promise<string>;

  inspectAppRegistration(form: AppRegistrationForm): Promise<AppRegistrationVerdict>;
  inspectSignIn(form: SignInForm): Promise<SignInVerdict>;
  /** Takes a pasted text of several values apart. Of the secret in it only the place comes back. */
  readPasted(text: string): Promise<PastedView>;
  /** What is said of a day while it is being written. */
  inspectDay(text: string): Promise<DayVerdict>;
  resolveTenant(cloud: string, tenant: string): Promise<ResolvedTenant>;

  /** `check` is a number the window picks; findings arrive one by one until the report resolves. */
  testAppRegistration(
    check: number,
    form: AppRegistrationForm,
    onFinding: (finding: Finding) => void,
  ): Promise<CheckReport>;
  /** `report` is the check whose report belongs to exactly this form, or null. */
  createAppRegistration(form: AppRegistrationForm, report: number | null): Promise<Created>;
  checkConnection(
    check: number,
    id: string,
    onFinding: (finding: Finding) => void,
  ): Promise<CheckReport>;
  cancelCheck(check: number): Finished;

  /** `signIn` is a number the window picks. "link" makes a link without opening the browser. Resolves with the sign-in link when the listener is ready. With
   * `waitForConsent` the person is asked only for who they are, and the connection waits for an admin to grant the rest. */
  beginSignIn(
    signIn: number,
    form: SignInForm,
    mode: SignInMode,
    onEvent: (event: SignInEvent) => void,
    waitForConsent?: boolean,
  ): Promise<string>;
  beginSignInAgain(
    signIn: number,
    id: string,
    mode: SignInMode,
    onEvent: (event: SignInEvent) => void,
  ): Promise<string>;
  openAgain(signIn: number): Finished;
  /** Another attempt of the same sign-in, with a state of its own. */
  newSignInLink(signIn: number): Promise<string>;
  confirmAccount(signIn: number, yes: boolean): Finished;
  cancelSignIn(signIn: number): Finished;

  /** Tests a new secret, and keeps it in the place of the old one if it works; `check` is as for {@link checkConnection}. */
  replaceSecret(
    check: number,
    id: string,
    form: SecretForm,
    onFinding: (finding: Finding) => void,
  ): Promise<Replacement>;
  /** The same although its test, with that number, did not pass. */
  replaceSecretAnyway(id: string, form: SecretForm, tested: number | null): Promise<string>;
  updateConnection(
    id: string,
    description: string,
    tags: string[],
    secretExpiresOn: string | null,
    need: Need,
  ): Promise<ConnectionRow>;
  /** Lets scripts on this computer get tokens of a connection, or no longer. */
  letScriptsUse(id: string, yes: boolean): Finished;
  /** The same for the client secret itself. */
  letScriptsHaveSecret(id: string, yes: boolean): Finished;
  /** Everybody who got a token, as far back as is kept, newest first. */
  connectionUses(id: string): Promise<UseView[]>;
  /** Reads a path of Graph through a connection. `call` is a number the window picks, for {@link cancelCheck}. */
  tryCall(call: number, id: string, path: string, beta: boolean): Promise<CallView>;
  /** Whether a terminal finds the command line. The other two make and remove a link for it, and say the same. */
  commandLine(): Promise<CommandLine>;
  putOnPath(): Promise<CommandLine>;
  takeOffPath(): Promise<CommandLine>;
  /** Takes it out of the list; it can be brought back for ten seconds. */
  deleteConnection(id: string): Finished;
  undoDelete(id: string): Promise<ConnectionRow>;
  suggestCopyName(id: string): Promise<string>;
  /** With a copy of the client secret, which never comes to the window. */
  duplicateConnection(
    id: string,
    name: string,
    description: string,
    tags: string[],
  ): Promise<ConnectionRow>;
  renameConnection(id: string, name: string): Promise<ConnectionRow>;

  settings(): Promise<SettingsView>;
  saveSettings(settings: SettingsView): Finished;
  /** Explains an AADSTS number that a person read on Microsoft's page. */
  explainCode(code: string): Promise<Explanation>;
  openPortal(cloud: string, page: PortalPage, clientId: string | null): Finished;
  /** Opens the page on which a cloud of this computer says who and what is in it. */
  openDemo(cloud: string): Finished;
  consentMessage(subject: ConsentSubject): Promise<ConsentMessage>;
  saveConsentMail(subject: ConsentSubject): Promise<string>;
  revealSaved(): Finished;
  watchConsent(id: string): Promise<WatchView>;
  stopWatching(id: string): Finished;
  beginAdminConsent(
    signIn: number,
    id: string,
    onEvent: (event: ConsentEvent) => void,
  ): Promise<string>;
  cloudShellScript(
    integration: Integration,
    need: Need,
    method: MethodKind,
    cloud: string,
    name: string,
  ): Promise<string>;
  /** Tests these connections, or all; `run` is a number the window picks, for {@link cancelCheck}. */
  testAll(
    run: number,
    ids: string[] | null,
    onEvent: (event: TestAllEvent) => void,
  ): Promise<TestAllSummary>;
  /** Resolves with the full path of the JSON file. */
  saveReport(id: string): Promise<string>;
  /** From now on hears of changes that the window did not ask for. */
  subscribe(onChange: (change: Change) => void): Finished;
  /** Says what was tried. */
  keychainSelfTest(): Promise<string>;
  /** Opens the keychain's own prompt. */
  unlockKeychain(): Promise<KeychainUnlock>;
  about(): Promise<About>;
}

let installed: Backend | null = null;

/** The backend that {@link install} was given. */
export function backend(): Backend {
  if (!installed) throw new Error("no backend is installed");
  return installed;
}

export function install(chosen: Backend): void {
  installed = chosen;
}

/** Tauri inside the app. A browser gets the pretend backend, which production builds leave out. */
export async function choose(): Promise<Backend> {
  if (import.meta.env.MODE !== "production" && !("__TAURI_INTERNALS__" in window)) {
    const { fakeFromAddress } = await import("./fake");
    return fakeFromAddress(new URLSearchParams(window.location.search));
  }
  return tauri;
}

/** Whatever was thrown, as the error the window can explain. Anything but an `AppError` is a fault of this program. */
export function asAppError(thrown: unknown): AppError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as AppError;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message,
    next: null,
    actor: null,
    retry: null,
    page: null,
    detail: null,
  };
}
