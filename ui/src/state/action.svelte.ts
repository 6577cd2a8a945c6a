import { asAppError, type AppError } from "../backend";

/**
 * What a button does. Its button is never disabled, so that no press is lost: what is pressed is done, or leads to what is
 * missing. A second press before the first is done does nothing twice.
 */
export class Action<Given extends unknown[] = []> {
  /** Whether a press is being carried out. */
  busy = $state(false);
  /** Why the last press came to nothing. */
  error = $state.raw<AppError | null>(null);
  #what: (...given: Given) => Promise<unknown>;
  #tell: (error: AppError | null) => void;

  /** `tell` hears why a press came to nothing, and null when the next one begins. Without it that is kept here. */
  constructor(
    what: (...given: Given) => Promise<unknown>,
    tell?: (error: AppError | null) => void,
  ) {
    this.#what = what;
    this.#tell = tell ?? ((error) => (this.error = error));
  }

  readonly press = async (...given: Given): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.#tell(null);
    try {
      await this.#what(...given);
    } catch (thrown) {
      this.#tell(asAppError(thrown));
    } finally {
      this.busy = false;
    }
  };
}
