import { SvelteMap, SvelteSet } from "svelte/reactivity";

import type { FieldVerdict } from "../backend";
import { Latest } from "./latest";

export type FormVerdict<Field extends string> = Record<Field, FieldVerdict> & { complete: boolean };

/** What stands in a form, by its fields: texts, and choices that are none. */
type Texts<Field extends string> = Partial<Record<Field, unknown>>;

/** Milliseconds without a key before the backend is asked. */
const PAUSE = 150;

/**
 * What the backend thinks of a form while it is being filled in. A field's problem shows only once the person has left
 * the field or pasted into it; the latest answer wins, and one about an older text never changes a field. What is cleaned
 * up is said, and can be taken back.
 */
export class Inspection<
  Form extends Texts<Field>,
  Field extends string,
  V extends FormVerdict<Field>,
> {
  verdict = $state.raw<V | null>(null);
  /** The form that the verdict is about. */
  #about = $state.raw<Form | null>(null);
  #inspect: (form: Form) => Promise<V>;
  #touched = new SvelteSet<Field>();
  /** What was said of a clean-up, and the text that it was made of. */
  #cleaned = new SvelteMap<Field, { notes: string[]; from: string }>();
  /** The fields whose clean-up was taken back. */
  #asEntered = new SvelteSet<Field>();
  readonly #latest = new Latest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(inspect: (form: Form) => Promise<V>) {
    this.#inspect = inspect;
  }

  problem(field: Field): string | null {
    return this.#touched.has(field) ? (this.verdict?.[field].problem ?? null) : null;
  }

  /** What was probably meant instead of the text in a field, which cannot be used. */
  suggestion(field: Field, text: string): string | null {
    return this.#touched.has(field) && this.isAbout(field, text)
      ? (this.verdict?.[field].suggestion ?? null)
      : null;
  }

  /** What a text in a field is read as. */
  read(field: Field, text: string): string | null {
    return this.isAbout(field, text) ? (this.verdict?.[field].value ?? null) : null;
  }

  notes(field: Field): string[] {
    const said = this.verdict?.[field];
    if (!this.#asEntered.has(field)) return this.#cleaned.get(field)?.notes ?? said?.notes ?? [];
    // What cannot be used says so itself; that nobody has touched it is no comfort then.
    if (said?.problem) return [];
    const readAs = said?.value ? ` It is read as ${said.value}.` : "";
    return [
      `Kept exactly as you entered it.${readAs}`,
      ...(said?.value ? [] : (said?.notes ?? [])),
    ];
  }

  touch(...fields: Field[]): void {
    for (const field of fields) this.#touched.add(field);
  }

  /** As if the person had not been in these fields yet. */
  untouch(...fields: Field[]): void {
    for (const field of fields) this.#touched.delete(field);
  }

  isTouched(field: Field): boolean {
    return this.#touched.has(field);
  }

  /** The person changed `field`: what was said of its old text no longer holds. */
  edited(field: Field): void {
    this.#cleaned.delete(field);
    this.#asEntered.delete(field);
  }

  /** Whether the verdict is about this text in the field, and not about an older one. */
  isAbout(field: Field, text: string): boolean {
    return this.#about !== null && (this.#about[field] ?? "") === text;
  }

  /** The tidy form of what was entered, or null if it already is or has to stay. The notes stay while the tidy text does. */
  tidy(field: Field, entered: string): string | null {
    const said = this.verdict?.[field];
    if (!said || said.problem !== null || said.value === null || said.value === entered)
      return null;
    if (this.#asEntered.has(field) || !this.isAbout(field, entered)) return null;
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

  /** Whether the text of this field has to stay as it was entered. */
  isKept(field: Field): boolean {
    return this.#asEntered.has(field);
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
    const number = this.#latest.begin();
    const verdict = await this.#inspect(form).catch(() => null);
    if (!this.#latest.is(number) || verdict === null) return null;
    this.#hear(form, verdict);
    return verdict;
  }

  /**
   * The verdict about the form as it stands when the answer comes: asked again for as long as the form changes meanwhile.
   * Rejects if the backend cannot say, so that a press that waits for it is not lost in silence.
   */
  async upToDate(form: () => Form): Promise<V> {
    clearTimeout(this.#timer);
    for (;;) {
      const asked = form();
      this.#latest.begin();
      const verdict = await this.#inspect(asked);
      if (!isSame(asked, form())) continue;
      this.#hear(asked, verdict);
      return verdict;
    }
  }

  #hear(form: Form, verdict: V): void {
    this.#about = form;
    this.verdict = verdict;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
