// What the parts of the pretend backend share: its world, how long it takes, and what it refuses with.
import type { AppError, Change, ConnectionDetail, ConnectionRow, ErrorCode } from "./bindings";

/** How the pretend world behaves. */
export interface FakeWorld {
  connections: ConnectionDetail[];
  /** Milliseconds between two findings and before answers that would need the network. */
  pace: number;
  /** Rejects `listConnections`. */
  listFails?: AppError | null;
  /** Rejects whatever would write to the keychain. */
  keychain?: AppError | null;
  removalsPending?: number;
  /** How a pretend sign-in goes on after it waits. */
  signIn?: "works" | "waits" | "declined" | "otherAccount" | "notProved" | "browserFails";
  signInSeconds?: number;
  customCloud?: boolean;
  /** Learns how to tell the window of a change that it did not ask for. */
  onSubscribe?: (tell: (change: Change) => void) => void;
  /** How a test of a saved connection ends, in the words of `reportFor`. */
  test?: string;
  /** Whether a terminal finds the command line. */
  onPath?: boolean;
  /** How the page of an administrator goes on. */
  page?: "works" | "waits" | "refused" | "returns";
}

/** What waits for a browser under the number of a sign-in. */
export interface Waiting {
  cancel: () => void;
  confirm?: (yes: boolean) => void;
}

/** The world as the commands use it. */
export class Context {
  readonly world: FakeWorld;
  readonly waiting = new Map<number, Waiting>();
  readonly #cancelled = new Set<number>();

  constructor(world: FakeWorld) {
    this.world = world;
  }

  find(id: string): ConnectionDetail {
    const found = this.world.connections.find(({ row }) => row.id === id);
    if (!found) throw failure("notFound", "This connection is no longer there.");
    return found;
  }

  isTaken(name: string): boolean {
    const wanted = name.trim().toLowerCase();
    return this.world.connections.some(({ row }) => row.name.toLowerCase() === wanted);
  }

  keep(detail: ConnectionDetail): ConnectionRow {
    this.world.connections.push(detail);
    return detail.row;
  }

  /** Takes the time of so many answers from the network. */
  pause(answers = 1): Promise<void> {
    return pause(this.world.pace * answers);
  }

  /** The same before something is written to the keychain. */
  async pauseForKeychain(): Promise<void> {
    await this.pause();
    if (this.world.keychain) throw this.world.keychain;
  }

  cancel(number: number): void {
    this.#cancelled.add(number);
  }

  throwIfCancelled(number: number): void {
    if (this.#cancelled.has(number)) throw failure("cancelled", "The test was cancelled.");
  }
}

export function failure(code: ErrorCode, message: string, next: string | null = null): AppError {
  return { code, message, next, actor: null, retry: null, page: null, detail: null };
}

/** What a command resolves with, or rejects with if it throws. */
export function promised<T>(command: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(command());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
