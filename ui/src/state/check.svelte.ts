import { asAppError, backend, type AppError, type CheckReport, type Finding } from "../backend";
import { STEP } from "../words";
import { Latest } from "./latest";

type Start = (check: number, onFinding: (finding: Finding) => void) => Promise<CheckReport>;

/** How often a test runs again by itself. */
const MAX_REPEATS = 3;
const ORDER = Object.keys(STEP);

/** One run of Test Connection after the other; only the latest one is ever shown. */
export class Check {
  running = $state(false);
  findings = $state<Finding[]>([]);
  report = $state.raw<CheckReport | null>(null);
  error = $state.raw<AppError | null>(null);
  /** Seconds until the test runs again by itself, or null. */
  againIn = $state<number | null>(null);
  /** Whether the latest run began by itself, while the person may have been busy elsewhere. */
  byItself = $state(false);
  readonly #latest = new Latest();
  #repeats = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #start: Start | null = null;
  #onEnd: (() => void) | undefined;

  /** The number under which the backend knows the report, or null without one. */
  get number(): number | null {
    return this.report ? this.#latest.number : null;
  }

  get passed(): boolean {
    return this.report?.outcome === "works" || this.report?.outcome === "worksWithGaps";
  }

  /** Runs a test; `onEnd` hears of the end of each run that counts, also of those that follow by themselves. */
  async run(start: Start, onEnd?: () => void): Promise<void> {
    this.#beginWith(start, onEnd);
    await this.#once(false);
  }

  /** Takes a report that was made elsewhere a moment ago. If another run may tell more, it follows by itself. */
  follow(report: CheckReport, start: Start, onEnd?: () => void): void {
    this.discard();
    this.#beginWith(start, onEnd);
    this.report = report;
    this.#planNext();
  }

  /** Runs the same test again at once. */
  async again(): Promise<void> {
    if (!this.running) await this.#once(false);
  }

  /** Keeps the report as it is: no test follows by itself. */
  stay(): void {
    clearInterval(this.#timer);
    this.againIn = null;
  }

  /** Asks the backend to stop; the run then ends by itself. */
  async cancel(): Promise<void> {
    this.stay();
    if (this.running) await backend().cancelCheck(this.#latest.number);
  }

  /** Forgets everything: what was tested is no longer what would be created. */
  discard(): void {
    void this.cancel();
    this.#latest.begin();
    this.running = false;
    this.findings = [];
    this.report = null;
    this.error = null;
  }

  #beginWith(start: Start, onEnd?: () => void): void {
    this.#repeats = 0;
    this.#start = start;
    this.#onEnd = onEnd;
  }

  async #once(byItself: boolean): Promise<void> {
    const start = this.#start;
    if (!start) return;
    this.discard();
    this.byItself = byItself;
    const { number } = this.#latest;
    this.running = true;
    try {
      const report = await start(number, (finding) => {
        if (this.#latest.is(number)) this.#put(finding);
      });
      if (this.#latest.is(number)) this.report = report;
    } catch (thrown) {
      if (this.#latest.is(number)) this.error = asAppError(thrown);
    }
    if (!this.#latest.is(number)) return;
    this.running = false;
    this.#planNext();
    this.#onEnd?.();
  }

  /** A step that is told twice is known better the second time. */
  #put(finding: Finding): void {
    const others = this.findings.filter(({ step }) => step !== finding.step);
    this.findings = [...others, finding].sort(
      (a, b) => ORDER.indexOf(a.step) - ORDER.indexOf(b.step),
    );
  }

  #planNext(): void {
    const seconds = this.report?.againAfterS ?? null;
    if (seconds === null || this.#repeats >= MAX_REPEATS) return;
    this.#repeats += 1;
    const until = Date.now() + seconds * 1000;
    this.againIn = seconds;
    this.#timer = setInterval(() => {
      this.againIn = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      if (this.againIn > 0) return;
      this.stay();
      void this.#once(true);
    }, 250);
  }
}
