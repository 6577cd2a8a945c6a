import { createSubscriber } from "svelte/reactivity";

/** Whatever reads it is drawn again as time goes on; while nobody reads it, it stands still. */
class Clock {
  readonly #every: number;
  readonly #follow = createSubscriber((tick) => {
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, this.#every);
    // Whoever comes back does not wait for the next tick.
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  });

  /** `every` is how many milliseconds are between two ticks. */
  constructor(every: number) {
    this.#every = every;
  }

  get now(): Date {
    this.#follow();
    return new Date();
  }
}

/** For what reads "Just now", which may be that much late to become "1 min ago". */
export const clock = new Clock(10_000);

/** For seconds that run out. */
export const countdown = new Clock(500);
