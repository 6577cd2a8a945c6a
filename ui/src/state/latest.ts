import { nextNumber } from "./numbers";

/** Tells the latest of several requests from those before it, whose results no longer matter. */
export class Latest {
  /** The number of the latest one, by which the backend can know it. */
  number = 0;

  /** Another request begins, or what is under way is given up. */
  begin(): number {
    this.number = nextNumber();
    return this.number;
  }

  is(number: number): boolean {
    return number === this.number;
  }
}
