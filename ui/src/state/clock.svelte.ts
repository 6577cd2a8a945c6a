import { createSubscriber } from "svelte/reactivity";

/** Milliseconds between two ticks: what reads "Just now" may be that much late to become "1 min ago". */
const EVERY = 10_000;

/** The one clock of the window. Whatever reads it is drawn again as time goes on; while nobody reads it, it stands still. */
class Clock {
  readonly #follow = createSubscriber((tick) => {
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, EVERY);
    // Whoever comes back does not wait for the next tick.
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  });

  get now(): Date {
    this.#follow();
    return new Date();
  }
}

export const clock = new Clock();
