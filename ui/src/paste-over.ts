import { mayHoldSeveral } from "./paste";

/** What to do with a paste, by what it holds and what it would replace. */
interface Handlers {
  /** Takes the text if it holds several values. */
  several: (text: string) => Promise<boolean>;
  /** Takes the text as the whole of the field. Without it the text is put in as it is. */
  one?: (text: string) => void;
  /** The text went into the middle of what stands there. */
  part?: () => void;
}

/**
 * Hands a paste into an input on. An input would silently drop the line breaks of what replaces its whole text; here they
 * are kept until somebody has looked at them, so that two values are not taken for one.
 */
export function over(event: ClipboardEvent, { several, one, part }: Handlers): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const input = event.currentTarget;
  if (text === "" || !(input instanceof HTMLInputElement)) return;
  const { value: before, selectionStart: start, selectionEnd: end } = input;
  const whole = start === 0 && end === before.length ? one : undefined;
  if (!mayHoldSeveral(text)) {
    if (whole) event.preventDefault();
    if (whole) whole(text);
    else part?.();
    return;
  }
  event.preventDefault();
  const asOne = (): void => {
    const unchanged = input.value === before;
    if (whole && unchanged) {
      whole(text);
      return;
    }
    // What was typed meanwhile stays, and the text goes to where the person is by now.
    if (unchanged) input.setSelectionRange(start, end);
    put(input, text);
    part?.();
  };
  several(text).then((taken) => {
    if (!taken) asOne();
  }, asOne);
}

/** As the browser would have put it in. */
function put(input: HTMLInputElement, text: string): void {
  const { selectionStart, selectionEnd, value } = input;
  input.setRangeText(
    text.replace(/[\r\n]+/g, ""),
    selectionStart ?? value.length,
    selectionEnd ?? value.length,
    "end",
  );
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
