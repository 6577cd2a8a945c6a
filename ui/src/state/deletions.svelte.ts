import { asAppError, backend, type ConnectionRow } from "../backend";
import type { Notice } from "../words";

/** Seconds in which a deletion can be undone. The program waits a moment longer, for a press in the last of them. */
const UNDO_FOR = 10;

export interface Deleted {
  id: string;
  name: string;
  /** Seconds that are left. */
  left: number;
  /** When they are over, in milliseconds. */
  end: number;
}

/** The connections that were deleted a moment ago, each with its own time to bring it back. */
export class Deletions {
  all = $state.raw<Deleted[]>([]);
  #timer: ReturnType<typeof setInterval> | undefined;

  add({ id, name }: Pick<ConnectionRow, "id" | "name">): void {
    const end = Date.now() + UNDO_FOR * 1000;
    this.all = [...this.all.filter((other) => other.id !== id), { id, name, left: UNDO_FOR, end }];
    this.#timer ??= setInterval(() => {
      this.#tick();
    }, 250);
  }

  /** Brings one back, and says what became of it. */
  async undo({ id, name }: Deleted): Promise<Notice> {
    this.#drop(id);
    try {
      const row = await backend().undoDelete(id);
      if (row.name === name) return { say: `“${name}” is back.`, tone: "success" };
      return {
        say: `“${name}” is back as “${row.name}”, because another connection has that name now.`,
        tone: "warning",
      };
    } catch (thrown) {
      const error = asAppError(thrown);
      const say = error.code === "notFound" ? `It is too late: “${name}” is deleted.` : `“${name}” could not be brought back. ${error.message}`;
      return { say, tone: "danger" };
    }
  }

  #tick(): void {
    const now = Date.now();
    this.#keep(this.all.filter(({ end }) => end > now).map((one) => ({ ...one, left: Math.ceil((one.end - now) / 1000) })));
  }

  #drop(id: string): void {
    this.#keep(this.all.filter((deleted) => deleted.id !== id));
  }

  #keep(left: Deleted[]): void {
    this.all = left;
    if (this.all.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
