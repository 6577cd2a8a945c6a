import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FieldVerdict } from "../backend";
import { Inspection, type Verdict } from "./inspection.svelte";

type V = Verdict<"id">;

function verdict(id: Partial<FieldVerdict>): V {
  return { id: { value: null, problem: null, notes: [], ...id }, complete: true };
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
