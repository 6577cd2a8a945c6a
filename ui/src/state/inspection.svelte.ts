import { SvelteMap, SvelteSet } from "svelte/reactivity";

import type { FieldVerdict } from "../backend";

export type Verdict<Field extends string> = Record<Field, FieldVerdict> & { complete: boolean };

/** Milliseconds without a key before the backend is asked. */
const PAUSE = 150;

/**
 * What the backend thinks of a form while it is being filled in. A field's problem shows only once the person has left
 * the field or pasted into it; the latest answer wins. What is cleaned up is said, and can be taken back.
 */
export class Inspection<Form, Field extends string, V extends Verdict<Field>> {
  verdict = $state.raw<V | null>(null);
  #inspect: (form: Form) => Promise<V>;
  #touched = new SvelteSet<Field>();
  /** What was said of a clean-up, and the text that it was made of. */
  #cleaned = new SvelteMap<Field, { notes: string[]; from: string }>();
  /** The fields whose clean-up was taken back. */
  #asEntered = new SvelteSet<Field>();
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(inspect: (form: Form) => Promise<V>) {
    this.#inspect = inspect;
  }

  problem(field: Field): string | null {
    return this.#touched.has(field) ? (this.verdict?.[field].problem ?? null) : null;
  }

  /** What was probably meant instead of what cannot be used. */
  suggestion(field: Field): string | null {
    return this.#touched.has(field) ? (this.verdict?.[field].suggestion ?? null) : null;
  }

  notes(field: Field): string[] {
    const said = this.verdict?.[field];
    if (!this.#asEntered.has(field)) return this.#cleaned.get(field)?.notes ?? said?.notes ?? [];
    const readAs = said?.value ? ` It is read as ${said.value}.` : "";
    return [`Kept exactly as you entered it.${readAs}`];
  }

  touch(...fields: Field[]): void {
    for (const field of fields) this.#touched.add(field);
  }

  /** The person changed `field`: what was said of its old text no longer holds. */
  edited(field: Field): void {
    this.#cleaned.delete(field);
    this.#asEntered.delete(field);
  }

  /** The tidy form of what was entered, or null if it already is or has to stay. The notes stay while the tidy text does. */
  tidy(field: Field, entered: string): string | null {
    const said = this.verdict?.[field];
    if (!said || said.problem !== null || said.value === null || said.value === entered) return null;
    if (this.#asEntered.has(field)) return null;
    const notes = said.notes.length > 0 ? said.notes : ["Capital letters were made small."];
    this.#cleaned.set(field, { notes, from: entered });
    return said.value;
  }

  /** Remembers that a field's text was replaced, so that it is said and can be taken back. */
  replaced(field: Field, entered: string, note: string): void {
    this.#cleaned.set(field, { notes: [note], from: entered });
    this.#asEntered.delete(field);
  }

  /** Whether there is a clean-up of this field to take back. */
  canUndo(field: Field): boolean {
    return this.#cleaned.has(field);
  }

  /** Takes a clean-up back: the text as it was entered, which is not cleaned up again until it changes. */
  undo(field: Field): string | null {
    const from = this.#cleaned.get(field)?.from ?? null;
    this.keep(field);
    return from;
  }

  /** Leaves the text of a field as it is. */
  keep(field: Field): void {
    this.#cleaned.delete(field);
    this.#asEntered.add(field);
  }

  /** Asks once the person pauses. */
  soon(form: () => Form): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(form()), PAUSE);
  }

  /** Asks at once. Null if the form changed meanwhile or the backend could not say. */
  async now(form: Form): Promise<V | null> {
    clearTimeout(this.#timer);
    this.#asked += 1;
    const asked = this.#asked;
    const verdict = await this.#inspect(form).catch(() => null);
    if (asked !== this.#asked || verdict === null) return null;
    this.verdict = verdict;
    return verdict;
  }
}
