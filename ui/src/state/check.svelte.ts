import { asAppError, backend, type AppError, type CheckReport, type Finding } from "../backend";
import { nextNumber } from "./numbers";

type Start = (check: number, onFinding: (finding: Finding) => void) => Promise<CheckReport>;

/** One run of Test Connection after the other; only the latest one is ever shown. */
export class Check {
  running = $state(false);
  findings = $state<Finding[]>([]);
  report = $state.raw<CheckReport | null>(null);
  error = $state.raw<AppError | null>(null);
  #number = 0;

  /** The number under which the backend knows the report, or null without one. */
  get number(): number | null {
    return this.report ? this.#number : null;
  }

  get passed(): boolean {
    return this.report?.outcome === "works" || this.report?.outcome === "worksWithGaps";
  }

  async run(start: Start): Promise<void> {
    this.discard();
    const number = this.#number;
    this.running = true;
    try {
      const report = await start(number, (finding) => {
        if (this.#number === number) this.findings.push(finding);
      });
      if (this.#number === number) this.report = report;
    } catch (thrown) {
      if (this.#number === number) this.error = asAppError(thrown);
    }
    if (this.#number === number) this.running = false;
  }

  /** Asks the backend to stop; the run then ends by itself. */
  async cancel(): Promise<void> {
    if (this.running) await backend().cancelCheck(this.#number);
  }

  /** Forgets everything: what was tested is no longer what would be created. */
  discard(): void {
    void this.cancel();
    this.#number = nextNumber();
    this.running = false;
    this.findings = [];
    this.report = null;
    this.error = null;
  }
}
