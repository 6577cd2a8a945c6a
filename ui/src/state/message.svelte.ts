import type { Notice } from "../words";

/** Milliseconds for which something that went well is said. */
export const SAID_FOR = 8_000;

/** The one message of a screen. The next replaces it; what went well leaves by itself; what went wrong, or came unasked, stays. */
export class Message {
  current = $state.raw<Notice | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(notice: Notice): void {
    this.clear();
    this.current = notice;
    if (notice.stays || notice.tone === "danger" || notice.tone === "warning") return;
    this.#timer = setTimeout(() => {
      this.clear();
    }, SAID_FOR);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }
}
