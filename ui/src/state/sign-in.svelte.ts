import {
  backend,
  type Account,
  type CheckReport,
  type SignInEvent,
  type SignInMode,
} from "../backend";
import { Attempt, type CommonEvent } from "./attempt.svelte";

type OwnEvent = Exclude<SignInEvent, CommonEvent>;

type OwnPhase =
  | { at: "exchanging" }
  | { at: "otherAccount"; previous: Account; now: Account }
  | { at: "notProved"; say: string; report: CheckReport }
  | { at: "done"; result: Extract<SignInEvent, { kind: "done" }> };

type Begin = (
  signIn: number,
  mode: SignInMode,
  onEvent: (event: SignInEvent) => void,
) => Promise<string>;

/** A sign-in of whoever the connection is to act for. */
export class SignIn extends Attempt<OwnEvent, OwnPhase> {
  mode = $state<SignInMode>("browser");
  /** Whether the link is on the clipboard. */
  copied = $state(false);

  constructor() {
    super(ownPhase);
  }

  async begin(mode: SignInMode, begin: Begin): Promise<void> {
    this.mode = mode;
    this.copied = false;
    const link = await this.open((number, onEvent) => begin(number, mode, onEvent));
    if (mode === "link" && link !== null) this.copied = await copies(link);
  }

  async openAgain(): Promise<void> {
    await backend().openAgain(this.number);
  }

  newLink(): Promise<string> {
    return backend().newSignInLink(this.number);
  }

  async confirm(yes: boolean): Promise<void> {
    await backend().confirmAccount(this.number, yes);
  }
}

function ownPhase(event: OwnEvent): OwnPhase {
  switch (event.kind) {
    case "exchanging":
      return { at: "exchanging" };
    case "otherAccount":
      return { at: "otherAccount", previous: event.previous, now: event.now };
    case "notProved":
      return { at: "notProved", say: event.say, report: event.report };
    case "done":
      return { at: "done", result: event };
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
