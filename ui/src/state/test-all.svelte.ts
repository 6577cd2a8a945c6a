import {
  asAppError,
  backend,
  type AppError,
  type ConnectionRow,
  type NotTestedCount,
  type TestAllEvent,
  type TestAllSummary,
} from "../backend";
import { Latest } from "./latest";
import { SAID_FOR } from "./message.svelte";

/** Milliseconds for which a summary is said that leaves somebody something to do. The list says it for longer. */
const TROUBLE_SAID_FOR = 60_000;

/** Testing many connections at once: how far it is, and what it came to. */
export class TestAll {
  running = $state(false);
  done = $state(0);
  total = $state(0);
  /** Seconds that the service asked to wait, as it said last. */
  waiting = $state<number | null>(null);
  summary = $state.raw<TestAllSummary | null>(null);
  /** Whether a person stopped it. */
  stopped = $state(false);
  error = $state.raw<AppError | null>(null);
  readonly #latest = new Latest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Tests these rows; `onRow` hears of each as it ends. */
  async run(
    rows: ConnectionRow[],
    everything: boolean,
    onRow: (row: ConnectionRow) => void,
  ): Promise<void> {
    if (this.running) return;
    const number = this.#begin(rows.length);
    const ids = everything ? null : rows.map(({ id }) => id);
    try {
      this.summary = await backend().testAll(number, ids, (event) => {
        if (this.#latest.is(number)) this.#hear(event, onRow);
      });
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.code === "cancelled") this.stopped = true;
      else this.error = error;
    }
    this.running = false;
    this.waiting = null;
    this.#leaveLater();
  }

  /** Asks the backend to stop; what was tested by then stays tested. */
  async stop(): Promise<void> {
    if (this.running) await backend().cancelCheck(this.#latest.number);
  }

  /** Forgets how the last one ended. */
  dismiss(): void {
    clearTimeout(this.#timer);
    this.summary = null;
    this.stopped = false;
    this.error = null;
  }

  /** A message that is over goes; one with something to press, and an error, stays until it is read. */
  #leaveLater(): void {
    if (this.error || this.summary?.notTested.some(({ reason }) => reason === "keychainLocked"))
      return;
    const { failing, attention, needsSignIn, notTested } = this.summary ?? {
      failing: 0,
      attention: 0,
      needsSignIn: 0,
      notTested: [],
    };
    const isFine = failing + attention + needsSignIn + notTested.length === 0;
    this.#timer = setTimeout(
      () => {
        this.dismiss();
      },
      isFine ? SAID_FOR : TROUBLE_SAID_FOR,
    );
  }

  #begin(total: number): number {
    this.dismiss();
    this.running = true;
    this.done = 0;
    this.total = total;
    this.waiting = null;
    return this.#latest.begin();
  }

  #hear(event: TestAllEvent, onRow: (row: ConnectionRow) => void): void {
    switch (event.kind) {
      case "started":
        break;
      case "waiting":
        this.waiting = event.seconds;
        break;
      case "finished":
        this.waiting = null;
        this.done += 1;
        onRow(event.row);
        break;
    }
  }
}

/** "998 healthy, 1 needs attention". */
export function summed(summary: TestAllSummary): string {
  const parts: [number, string][] = [
    [summary.healthy, "healthy"],
    [summary.attention, summary.attention === 1 ? "needs attention" : "need attention"],
    [summary.needsSignIn, summary.needsSignIn === 1 ? "needs sign-in" : "need sign-in"],
    [summary.failing, "failing"],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString("en-GB")} ${word}`);
  return said.length > 0 ? said.join(", ") : "Nothing was tested";
}

/** "43 could not be tested: the keychain is locked." */
export function untested({ count, because }: NotTestedCount): string {
  return `${count.toLocaleString("en-GB")} could not be tested: ${because}.`;
}
