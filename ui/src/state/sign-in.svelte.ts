import {
  asAppError,
  backend,
  type Account,
  type AppError,
  type CheckReport,
  type SignInEvent,
  type SignInMode,
} from "../backend";
import { nextNumber } from "./numbers";

type Done = Extract<SignInEvent, { kind: "done" }>;

export type SignInPhase =
  | { at: "idle" }
  | { at: "opening" }
  | { at: "waiting"; deadline: string; redirectUri: string; since: number }
  | { at: "exchanging" }
  | { at: "checking" }
  | { at: "otherAccount"; previous: Account; now: Account }
  | { at: "notProved"; say: string; report: CheckReport }
  | { at: "done"; result: Done }
  | { at: "failed"; error: AppError };

type Begin = (
  signIn: number,
  mode: SignInMode,
  onEvent: (event: SignInEvent) => void,
) => Promise<string>;

/** A sign-in as the window follows it. Events of an attempt that was given up are not listened to. */
export class SignIn {
  phase = $state.raw<SignInPhase>({ at: "idle" });
  mode = $state<SignInMode>("browser");
  /** The first sign-in link, for a browser of the person's own choice. */
  link = $state<string | null>(null);
  /** Whether that link is on the clipboard. */
  copied = $state(false);
  browserFailed = $state<string | null>(null);
  anotherProgram = $state(false);
  returnedWithoutAnswer = $state(false);
  #number = 0;

  /** Whether something is under way that Cancel would end. */
  get busy(): boolean {
    return !["idle", "done", "failed"].includes(this.phase.at);
  }

  async begin(mode: SignInMode, begin: Begin): Promise<void> {
    const number = nextNumber();
    this.#number = number;
    this.mode = mode;
    this.link = null;
    this.copied = false;
    this.browserFailed = null;
    this.anotherProgram = false;
    this.returnedWithoutAnswer = false;
    this.phase = { at: "opening" };
    try {
      const link = await begin(number, mode, (event) => {
        if (this.#number === number) this.#hear(event);
      });
      if (this.#number !== number) return;
      this.link = link;
      if (mode === "link") this.copied = await copies(link);
    } catch (thrown) {
      if (this.#number === number) this.phase = { at: "failed", error: asAppError(thrown) };
    }
  }

  async openAgain(): Promise<void> {
    await backend().openAgain(this.#number);
  }

  newLink(): Promise<string> {
    return backend().newSignInLink(this.#number);
  }

  async confirm(yes: boolean): Promise<void> {
    await backend().confirmAccount(this.#number, yes);
  }

  /** Gives the sign-in up. Whatever still arrives from it is ignored. */
  async cancel(): Promise<void> {
    const number = this.#number;
    this.#number = nextNumber();
    this.phase = { at: "idle" };
    await backend().cancelSignIn(number);
  }

  #hear(event: SignInEvent): void {
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
      case "exchanging":
        this.phase = { at: "exchanging" };
        return;
      case "checking":
        this.phase = { at: "checking" };
        return;
      case "otherAccount":
        this.phase = { at: "otherAccount", previous: event.previous, now: event.now };
        return;
      case "notProved":
        this.phase = { at: "notProved", say: event.say, report: event.report };
        return;
      case "done":
        this.phase = { at: "done", result: event };
        return;
      case "failed":
        this.phase = { at: "failed", error: event.error };
    }
  }
}

/** A clipboard that refuses, or is not there, is no fault of the sign-in: the link is shown to be copied by hand. */
async function copies(link: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(link);
    return true;
  } catch {
    return false;
  }
}
