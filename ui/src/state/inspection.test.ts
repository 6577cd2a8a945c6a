import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FieldVerdict } from "../backend";
import { Inspection, type FormVerdict } from "./inspection.svelte";

type V = FormVerdict<"id">;

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
    const inspect = vi.fn(({ id }: { id: string }) => Promise.resolve(verdict({ value: id })));
    const inspection = new Inspection<{ id: string }, "id", V>(inspect);
    inspection.soon(() => ({ id: "a" }));
    await vi.advanceTimersByTimeAsync(100);
    inspection.soon(() => ({ id: "ab" }));
    await vi.advanceTimersByTimeAsync(140);
    expect(inspect).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(inspect.mock.calls).toEqual([[{ id: "ab" }]]);
  });
});

it("lets the latest answer win, whichever comes last", async () => {
  const answers: ((verdict: V) => void)[] = [];
  const inspection = new Inspection<{ id: string }, "id", V>(
    () => new Promise((resolve) => answers.push(resolve)),
  );
  const first = inspection.now({ id: "old" });
  const second = inspection.now({ id: "new" });
  answers[1]?.(verdict({ value: "new" }));
  answers[0]?.(verdict({ value: "old" }));
  expect(await first).toBeNull();
  expect((await second)?.id.value).toBe("new");
  expect(inspection.verdict?.id.value).toBe("new");
});

it("does not complain about a field before the person has left it", async () => {
  const inspection = new Inspection<{ id: string }, "id", V>(() =>
    Promise.resolve(verdict({ problem: "Enter an ID." })),
  );
  await inspection.now({ id: "" });
  expect(inspection.problem("id")).toBeNull();
  inspection.touch("id");
  expect(inspection.problem("id")).toBe("Enter an ID.");
});

it("keeps saying what was cleaned up after the tidy text is in the field, until the field changes", async () => {
  const inspection = new Inspection<{ id: string }, "id", V>(({ id }) =>
    Promise.resolve(
      verdict({ value: id.trim(), notes: id.trim() === id ? [] : ["Removed spaces."] }),
    ),
  );
  await inspection.now({ id: " a " });
  expect(inspection.tidy("id", " a ")).toBe("a");
  await inspection.now({ id: "a" });
  expect(inspection.notes("id")).toEqual(["Removed spaces."]);
  expect(inspection.tidy("id", "a")).toBeNull();
  inspection.edited("id");
  expect(inspection.notes("id")).toEqual([]);
});

it("takes a clean-up back to the letter, and does not clean the text up again until it changes", async () => {
  const inspection = new Inspection<{ id: string }, "id", V>(({ id }) =>
    Promise.resolve(verdict({ value: id.trim() })),
  );
  await inspection.now({ id: " a " });
  expect(inspection.tidy("id", " a ")).toBe("a");
  expect(inspection.canUndo("id")).toBe(true);
  expect(inspection.undo("id")).toBe(" a ");
  await inspection.now({ id: " a " });
  expect(inspection.tidy("id", " a ")).toBeNull();
  expect(inspection.canUndo("id")).toBe(false);
  expect(inspection.notes("id")).toEqual(["Kept exactly as you entered it. It is read as a."]);
  inspection.edited("id");
  expect(inspection.tidy("id", " a ")).toBe("a");
});

it("announces every change that it makes, also one that the backend has no note for", async () => {
  const inspection = new Inspection<{ id: string }, "id", V>(({ id }) =>
    Promise.resolve(verdict({ value: id.toLowerCase() })),
  );
  await inspection.now({ id: "Contoso.COM" });
  expect(inspection.tidy("id", "Contoso.COM")).toBe("contoso.com");
  expect(inspection.notes("id")).toEqual(["Capital letters were made small."]);
});

it("offers what was probably meant once the field was left", async () => {
  const meant = verdict({ problem: "This is a link.", suggestion: "contoso.com" });
  const inspection = new Inspection<{ id: string }, "id", V>(() => Promise.resolve(meant));
  await inspection.now({ id: "https://contoso.com/" });
  expect(inspection.suggestion("id", "https://contoso.com/")).toBeNull();
  inspection.touch("id");
  expect(inspection.suggestion("id", "https://contoso.com/")).toBe("contoso.com");
});

it("offers nothing for a text that came after the one that was looked at, and tidies it no more", async () => {
  const meant = verdict({ value: "contoso.com", problem: null });
  const inspection = new Inspection<{ id: string }, "id", V>(() => Promise.resolve(meant));
  await inspection.now({ id: "contoso.com " });
  inspection.touch("id");
  expect(inspection.tidy("id", "fab")).toBeNull();
  expect(inspection.read("id", "fab")).toBeNull();
  expect(inspection.suggestion("id", "fab")).toBeNull();
  expect(inspection.tidy("id", "contoso.com ")).toBe("contoso.com");
});

it("gives a press the verdict about the form as it is when the answer comes, however often it changes meanwhile", async () => {
  const answers: ((verdict: V) => void)[] = [];
  const asked: string[] = [];
  const inspection = new Inspection<{ id: string }, "id", V>(({ id }) => {
    asked.push(id);
    return new Promise((resolve) => answers.push(resolve));
  });
  let text = "a";
  const pressed = inspection.upToDate(() => ({ id: text }));
  text = "ab";
  // A look at the form for another reason does not take the press's place.
  const other = inspection.now({ id: text });
  answers[0]?.(verdict({ value: "a" }));
  await vi.waitFor(() => {
    expect(asked).toEqual(["a", "ab", "ab"]);
  });
  answers[2]?.(verdict({ value: "ab" }));
  expect((await pressed).id.value).toBe("ab");
  answers[1]?.(verdict({ value: "late" }));
  expect(await other).toBeNull();
  expect(inspection.verdict?.id.value).toBe("ab");
});

it("does not lose a press whose check could not be made: it says why", async () => {
  const inspection = new Inspection<{ id: string }, "id", V>(() =>
    Promise.reject(new Error("no answer")),
  );
  await expect(inspection.upToDate(() => ({ id: "a" }))).rejects.toThrow("no answer");
});
