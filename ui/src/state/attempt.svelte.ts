import { asAppError, backend, type AppError, type ConsentEvent } from "../backend";
import { Latest } from "./latest";

/** What is told of every attempt in the same way. */
export type CommonEvent = Exclude<ConsentEvent, { kind: "done" }>;

/** Where an attempt stands. `Own` is what only one kind of attempt comes to. */
export type AttemptPhase<Own> =
  | { at: "idle" }
  | { at: "opening" }
  | { at: "waiting"; deadline: string; redirectUri: string; since: number }
  | { at: "checking" }
  | { at: "failed"; error: AppError }
  | Own;

const COMMON: Record<CommonEvent["kind"], true> = {
  waiting: true,
  browserFailed: true,
  anotherProgram: true,
  returnedWithoutAnswer: true,
  checking: true,
  failed: true,
};

/**
 * What a person does on a page of Microsoft's, as the window follows it. Events of an attempt that was given up are not
 * listened to.
 */
export class Attempt<OwnEvent extends { kind: string }, Own extends { at: string }> {
  phase = $state.raw<AttemptPhase<Own>>({ at: "idle" });
  /** The first link to the page, for a browser of the person's own choice. */
  link = $state<string | null>(null);
  browserFailed = $state<string | null>(null);
  anotherProgram = $state(false);
  returnedWithoutAnswer = $state(false);
  readonly #latest = new Latest();
  readonly #ownPhase: (event: OwnEvent) => Own;

  /** `ownPhase` says what the events that only this kind of attempt knows lead to. */
  constructor(ownPhase: (event: OwnEvent) => Own) {
    this.#ownPhase = ownPhase;
  }

  /** Whether something is under way that Cancel would end. */
  get busy(): boolean {
    return !["idle", "done", "failed"].includes(this.phase.at);
  }

  /** The number under which the backend knows the attempt. */
  get number(): number {
    return this.#latest.number;
  }

  /** Begins anew. Resolves with the link, or with null once another attempt has begun or this one came to nothing. */
  async open(
    start: (number: number, onEvent: (event: CommonEvent | OwnEvent) => void) => Promise<string>,
  ): Promise<string | null> {
    const number = this.#latest.begin();
    this.link = null;
    this.browserFailed = null;
    this.anotherProgram = false;
    this.returnedWithoutAnswer = false;
    this.phase = { at: "opening" };
    try {
      const link = await start(number, (event) => {
        if (this.#latest.is(number)) this.#hear(event);
      });
      if (!this.#latest.is(number)) return null;
      this.link = link;
      return link;
    } catch (thrown) {
      if (this.#latest.is(number)) this.phase = { at: "failed", error: asAppError(thrown) };
      return null;
    }
  }

  /** Gives the attempt up. Whatever still arrives from it is ignored. */
  async cancel(): Promise<void> {
    const { number } = this;
    this.#latest.begin();
    this.phase = { at: "idle" };
    await backend().cancelSignIn(number);
  }

  #hear(event: CommonEvent | OwnEvent): void {
    if (!isCommon(event)) {
      this.phase = this.#ownPhase(event);
      return;
    }
    switch (event.kind) {
      case "waiting": {
        const { deadline, redirectUri } = event;
        this.phase = { at: "waiting", deadline, redirectUri, since: Date.now() };
        return;
      }
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
      case "failed":
        this.phase = { at: "failed", error: event.error };
    }
  }
}

function isCommon(event: { kind: string }): event is CommonEvent {
  return event.kind in COMMON;
}
