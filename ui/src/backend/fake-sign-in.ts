// Signing in, in the pretend world.
import type { Account, ConnectionDetail, SignInEvent, SignInForm } from "./bindings";
import { remember } from "./fake-checks";
import { failure, promised, type Context } from "./fake-context";
import { reportFor } from "./fake-report";
import { account, formOf, fromSignIn } from "./fake-world";
import type { Backend } from "./types";

/** What is being signed in to: something new, or a connection that is there. */
interface Target {
  form: SignInForm;
  previous: ConnectionDetail | null;
}

export function fakeSignIn(context: Context) {
  return {
    async beginSignIn(signIn, form, _mode, _waitForConsent, onEvent) {
      await context.pause(0.5);
      void new PretendSignIn(context, onEvent).play(signIn, { form, previous: null });
      return link(form.tenant, form.clientId);
    },
    async beginSignInAgain(signIn, id, _mode, onEvent) {
      await context.pause(0.5);
      const previous = context.find(id);
      void new PretendSignIn(context, onEvent).play(signIn, { form: formOf(previous), previous });
      return link(previous.row.tenant, previous.clientId);
    },
    openAgain: () => promised(() => undefined),
    newSignInLink: () => promised(() => link("organizations", "another")),
    confirmAccount: (signIn, yes) => promised(() => context.waiting.get(signIn)?.confirm?.(yes)),
    cancelSignIn: (signIn) => promised(() => context.waiting.get(signIn)?.cancel()),
  } satisfies Partial<Backend>;
}

class PretendSignIn {
  readonly #context: Context;
  readonly #tell: (event: SignInEvent) => void;
  readonly #confirmed: Promise<boolean>;
  #confirm: (yes: boolean) => void = () => undefined;
  #stopped = false;

  constructor(context: Context, tell: (event: SignInEvent) => void) {
    this.#context = context;
    this.#tell = tell;
    this.#confirmed = new Promise((resolve) => (this.#confirm = resolve));
  }

  async play(number: number, target: Target): Promise<void> {
    const { world, waiting } = this.#context;
    waiting.set(number, { cancel: () => this.#cancel(), confirm: (yes) => this.#confirm(yes) });
    this.#waitForBrowser();
    if (world.signIn === "waits" || world.signIn === "browserFails") return;
    await this.#context.pause(6);
    if (this.#stopped) return;
    if (world.signIn === "declined") {
      this.#fail("declined", "The sign-in was declined on Microsoft's page.");
      return;
    }
    this.#tell({ kind: "exchanging" });
    await this.#context.pause();
    const now = account("Adele Vance", "adele@contoso.com", 2);
    if (!(await this.#isRightAccount(target, now))) return;
    this.#tell({ kind: "checking" });
    await this.#context.pause();
    if (this.#stopped || !(await this.#mayReplace(target))) return;
    this.#finish(target, now);
  }

  #cancel(): void {
    this.#stopped = true;
    this.#confirm(false);
    this.#fail("cancelled", "The sign-in was cancelled.");
  }

  #fail(code: "declined" | "cancelled" | "otherAccount", message: string): void {
    this.#tell({ kind: "failed", error: failure(code, message) });
  }

  #waitForBrowser(): void {
    const { signIn, signInSeconds = 300 } = this.#context.world;
    const deadline = new Date(Date.now() + signInSeconds * 1000).toISOString();
    this.#tell({ kind: "waiting", deadline, redirectUri: "http://localhost:53412" });
    if (signIn === "browserFails")
      this.#tell({ kind: "browserFailed", message: "No browser could be opened." });
  }

  async #isRightAccount({ previous }: Target, now: Account): Promise<boolean> {
    if (!previous?.account || this.#context.world.signIn !== "otherAccount") return true;
    this.#tell({ kind: "otherAccount", previous: previous.account, now });
    const confirmed = await this.#confirmed;
    if (!confirmed && !this.#stopped) this.#fail("otherAccount", "Another account signed in.");
    return confirmed;
  }

  async #mayReplace({ form, previous }: Target): Promise<boolean> {
    if (!previous || this.#context.world.signIn !== "notProved") return true;
    this.#tell({
      kind: "notProved",
      say: "The new sign-in does not work. The old one is kept.",
      report: reportFor(form.integration, "wrong", true, "delegated"),
    });
    const confirmed = await this.#confirmed;
    if (!confirmed && !this.#stopped) this.#fail("cancelled", "The old sign-in is kept.");
    return confirmed;
  }

  #finish({ form, previous }: Target, now: Account): void {
    const { world } = this.#context;
    const proof = world.signIn === "notProved" ? "wrong" : "fine";
    const report = reportFor(form.integration, proof, true, "delegated", form.need);
    const named = (wanted: "granted" | "missing"): string[] =>
      report.permissions.filter(({ state }) => state === wanted).map(({ name }) => name);
    const [granted, missing] = [named("granted"), named("missing")];
    const made = previous ?? fromSignIn(form, world.connections.length);
    remember(made, report);
    made.account = now;
    made.granted = granted;
    if (!previous) this.#context.keep(made);
    this.#tell({ kind: "done", connection: made.row, account: now, granted, missing, report });
  }
}

function link(tenant: string, clientId: string): string {
  const state = Math.random().toString(36).slice(2);
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?client_id=${clientId}&state=${state}`;
}
