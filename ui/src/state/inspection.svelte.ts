import { SvelteMap, SvelteSet } from "svelte/reactivity";

import type { FieldVerdict } from "../backend";

export type Verdict<Field extends string> = Record<Field, FieldVerdict> & { complete: boolean };

/** Milliseconds without a key before the backend is asked. */
const PAUSE = 150;

/**
 * What the backend thinks of a form while it is being filled in. A field's problem shows only once the person has left
 * the field or pasted into it; the latest answer wins.
 */
export class Inspection<Form, Field extends string, V extends Verdict<Field>> {
  verdict = $state.raw<V | null>(null);
  #inspect: (form: Form) => Promise<V>;
  #touched = new SvelteSet<Field>();
  #kept = new SvelteMap<Field, string[]>();
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(inspect: (form: Form) => Promise<V>) {
    this.#inspect = inspect;
  }

  problem(field: Field): string | null {
    return this.#touched.has(field) ? (this.verdict?.[field].problem ?? null) : null;
  }

  notes(field: Field): string[] {
    return this.#kept.get(field) ?? this.verdict?.[field].notes ?? [];
  }

  touch(...fields: Field[]): void {
    for (const field of fields) this.#touched.add(field);
  }

  /** The person changed `field`: what was said of its old text no longer holds. */
  edited(field: Field): void {
    this.#kept.delete(field);
  }

  /** The tidy form of what was typed, or null if it already is. The notes stay while the tidy text does. */
  tidy(field: Field, typed: string): string | null {
    const said = this.verdict?.[field];
    if (!said || said.problem !== null || said.value === null || said.value === typed) return null;
    this.#kept.set(field, said.notes);
    return said.value;
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
