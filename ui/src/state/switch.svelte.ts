/**
 * A switch that the backend has to move. It is never disabled: the last press counts, also one that comes while an earlier
 * one is carried out, and once nothing is under way the switch stands as the backend says.
 */
export class Switch {
  /** Where the person wants it while that is carried out, or null. */
  wanted = $state<boolean | null>(null);
  #move: (on: boolean) => Promise<unknown>;

  /** `move` does not reject: it says itself what went wrong, and learns how things stand. */
  constructor(move: (on: boolean) => Promise<unknown>) {
    this.#move = move;
  }

  readonly press = async (on: boolean): Promise<void> => {
    const isMoving = this.wanted !== null;
    this.wanted = on;
    if (isMoving) return;
    let moved: boolean;
    do {
      moved = this.wanted;
      await this.#move(moved);
    } while (this.wanted !== moved);
    this.wanted = null;
  };
}
