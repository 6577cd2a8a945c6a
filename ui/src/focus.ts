/**
 * Goes to a field: its label stays in sight, and its text is selected, so that a paste takes its place. `still` leaves the
 * page where it is.
 */
export function goToField(field: Element | null | undefined, { still = false } = {}): void {
  if (!(field instanceof HTMLElement)) return;
  field.focus({ preventScroll: true });
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
  if (!still) (field.closest(".field") ?? field).scrollIntoView({ block: "nearest" });
}

/** Goes to the first field below `within` that is marked as wrong. */
export function goToProblem(within: Element | null | undefined): void {
  goToField(within?.querySelector("[aria-invalid='true']"));
}
