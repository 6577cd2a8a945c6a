import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Message, SAID_FOR } from "./message.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("lets what went well leave by itself, and keeps what went wrong until it is dismissed", () => {
  const message = new Message();
  message.say({ say: "Saved.", tone: "success" });
  vi.advanceTimersByTime(SAID_FOR - 1);
  expect(message.current?.say).toBe("Saved.");
  vi.advanceTimersByTime(1);
  expect(message.current).toBeNull();
  message.say({ say: "The secret was refused.", tone: "danger" });
  vi.advanceTimersByTime(10 * SAID_FOR);
  expect(message.current?.say).toBe("The secret was refused.");
  message.clear();
  expect(message.current).toBeNull();
});

it("puts the next message in the place of the last one, and lets it stay for its whole time", () => {
  const message = new Message();
  message.say({ say: "One.", tone: "success" });
  vi.advanceTimersByTime(SAID_FOR - 1);
  message.say({ say: "Two.", tone: "info" });
  vi.advanceTimersByTime(SAID_FOR - 1);
  expect(message.current?.say).toBe("Two.");
  vi.advanceTimersByTime(1);
  expect(message.current).toBeNull();
});

it("keeps what came unasked until it is dismissed, however well it went", () => {
  const message = new Message();
  message.say({ say: "Consent was given.", tone: "success", stays: true });
  vi.advanceTimersByTime(10 * SAID_FOR);
  expect(message.current?.say).toBe("Consent was given.");
  message.clear();
  expect(message.current).toBeNull();
});
