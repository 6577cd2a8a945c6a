/** What to do with a paste, by what it holds and what it would replace. */
interface Handlers {
  /** Takes the text if it holds several values. */
  several: (text: string) => boolean;
  /** Takes the text as the whole of the field. */
  one: (text: string) => void;
  /** The text goes into the middle of what stands there. */
  part: () => void;
}

/**
 * Hands a paste into an input on. An input would silently drop the line breaks of what replaces its whole text; here they
 * are kept until somebody has looked at them, so that two values are not taken for one.
 */
export function over(event: ClipboardEvent, { several, one, part }: Handlers): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const input = event.currentTarget;
  if (text === "" || !(input instanceof HTMLInputElement)) return;
  const replacesAll = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  if (several(text)) event.preventDefault();
  else if (replacesAll) {
    event.preventDefault();
    one(text);
  } else part();
}
