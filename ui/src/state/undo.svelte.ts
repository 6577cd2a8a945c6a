import type { Notice } from "../words";

/** Seconds in which something can be undone. The program waits a moment longer, for a press in the last of them. */
const UNDO_FOR = 10;

/** What was done, and the way back. */
export interface Undoable {
  /** What it was done to, once at a time. */
  id: string;
  say: string;
  /** What the button is called by those who do not see what stands beside it. */
  label: string;
  /** Takes it back, and says what became of it. */
  undo: () => Promise<Notice>;
}

export interface Offer extends Undoable {
  /** Seconds that are left. */
  left: number;
  /** When they are over, in milliseconds. */
  end: number;
}

/** What was done a moment ago, each with its own time to take it back. */
export class Undos {
  all = $state.raw<Offer[]>([]);
  #timer: ReturnType<typeof setInterval> | undefined;

  add(done: Undoable): void {
    const offer = { ...done, left: UNDO_FOR, end: Date.now() + UNDO_FOR * 1000 };
    this.all = [...this.all.filter(({ id }) => id !== done.id), offer];
    this.#timer ??= setInterval(() => {
      this.#tick();
    }, 250);
  }

  /** Takes one back. The offer is over with the press. */
  undo(offer: Offer): Promise<Notice> {
    this.#keep(this.all.filter(({ id }) => id !== offer.id));
    return offer.undo();
  }

  #tick(): void {
    const now = Date.now();
    this.#keep(
      this.all
        .filter(({ end }) => end > now)
        .map((one) => ({ ...one, left: Math.ceil((one.end - now) / 1000) })),
    );
  }

  #keep(left: Offer[]): void {
    this.all = left;
    if (left.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
