import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FieldVerdict } from "../backend";
import { Inspection, type Verdict } from "./inspection.svelte";

type V = Verdict<"id">;

function verdict(id: Partial<FieldVerdict>): V {
  return { id: { value: null, problem: null, suggestion: null, notes: [], ...id }, complete: true };
}

describe("while typing", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks once, after a pause, about the newest text", async () => {
    const inspect = vi.fn((text: string) => Promise.resolve(verdict({ value: text })));
    const inspection = new Inspection<string, "id", V>(inspect);
    inspection.soon(() => "a");
    await vi.advanceTimersByTimeAsync(100);
    inspection.soon(() => "ab");
    await vi.advanceTimersByTimeAsync(140);
    expect(inspect).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(inspect.mock.calls).toEqual([["ab"]]);
  });
});

it("lets the latest answer win, whichever comes last", async () => {
  const answers: ((verdict: V) => void)[] = [];
  const inspection = new Inspection<string, "id", V>(() => new Promise((resolve) => answers.push(resolve)));
  const first = inspection.now("old");
  const second = inspection.now("new");
  answers[1]?.(verdict({ value: "new" }));
  answers[0]?.(verdict({ value: "old" }));
  expect(await first).toBeNull();
  expect((await second)?.id.value).toBe("new");
  expect(inspection.verdict?.id.value).toBe("new");
});

it("does not complain about a field before the person has left it", async () => {
  const inspection = new Inspection<string, "id", V>(() => Promise.resolve(verdict({ problem: "Enter an ID." })));
  await inspection.now("");
  expect(inspection.problem("id")).toBeNull();
  inspection.touch("id");
  expect(inspection.problem("id")).toBe("Enter an ID.");
});

it("keeps saying what was cleaned up after the tidy text is in the field, until the field changes", async () => {
  const inspection = new Inspection<string, "id", V>((text) =>
    Promise.resolve(verdict({ value: text.trim(), notes: text.trim() === text ? [] : ["Removed spaces."] })),
  );
  await inspection.now(" a ");
  expect(inspection.tidy("id", " a ")).toBe("a");
  await inspection.now("a");
  expect(inspection.notes("id")).toEqual(["Removed spaces."]);
  expect(inspection.tidy("id", "a")).toBeNull();
  inspection.edited("id");
  expect(inspection.notes("id")).toEqual([]);
});

it("takes a clean-up back to the letter, and does not clean the text up again until it changes", async () => {
  const inspection = new Inspection<string, "id", V>((text) => Promise.resolve(verdict({ value: text.trim() })));
  await inspection.now(" a ");
  expect(inspection.tidy("id", " a ")).toBe("a");
  expect(inspection.canUndo("id")).toBe(true);
  expect(inspection.undo("id")).toBe(" a ");
  await inspection.now(" a ");
  expect(inspection.tidy("id", " a ")).toBeNull();
  expect(inspection.canUndo("id")).toBe(false);
  expect(inspection.notes("id")).toEqual(["Kept exactly as you entered it. It is read as a."]);
  inspection.edited("id");
  expect(inspection.tidy("id", " a ")).toBe("a");
});

it("announces every change that it makes, also one that the backend has no note for", async () => {
  const inspection = new Inspection<string, "id", V>((text) => Promise.resolve(verdict({ value: text.toLowerCase() })));
  await inspection.now("Contoso.COM");
  expect(inspection.tidy("id", "Contoso.COM")).toBe("contoso.com");
  expect(inspection.notes("id")).toEqual(["Capital letters were made small."]);
});

it("offers what was probably meant once the field was left", async () => {
  const meant = verdict({ problem: "This is a link.", suggestion: "contoso.com" });
  const inspection = new Inspection<string, "id", V>(() => Promise.resolve(meant));
  await inspection.now("https://contoso.com/");
  expect(inspection.suggestion("id")).toBeNull();
  inspection.touch("id");
  expect(inspection.suggestion("id")).toBe("contoso.com");
});
