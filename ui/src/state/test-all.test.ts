import { expect, it, vi } from "vitest";

import type { ConnectionRow, TestAllSummary } from "../backend";
import { example } from "../backend/fake";
import { examples, pause, world } from "../../test/world";
import { ConnectionsView } from "./connections.svelte";
import { summed, TestAll, untested } from "./test-all.svelte";

async function listOf(count: number, pace = 0): Promise<ConnectionsView> {
  world({ connections: examples(count), pace });
  const list = new ConnectionsView();
  await list.load();
  return list;
}

it("tests every connection and puts each row in its place as it ends", async () => {
  const list = await listOf(8);
  await list.testAll();
  expect(list.test).toMatchObject({
    running: false,
    done: 8,
    total: 8,
    waiting: null,
    error: null,
  });
  const { tested, healthy, attention } = list.test.summary ?? {
    tested: 0,
    healthy: 0,
    attention: 0,
  };
  expect([tested, healthy + attention]).toEqual([8, 8]);
  const statuses = list.all.map((row: ConnectionRow) => row.status);
  expect(statuses.every((status) => status === "healthy" || status === "needsAttention")).toBe(
    true,
  );
});

it("tests only what the search leaves", async () => {
  const list = await listOf(6);
  list.query = "microsoft graph";
  await list.testAll();
  expect(list.test.total).toBe(list.rows.length);
  expect(list.test.total).toBeLessThan(6);
});

it("stops when asked, and what was tested by then stays tested", async () => {
  const list = await listOf(50, 5);
  const running = list.testAll();
  await pause(30);
  await list.test.stop();
  await running;
  expect(list.test).toMatchObject({ running: false, stopped: true, summary: null, error: null });
  expect(list.test.done).toBeGreaterThan(0);
  expect(list.test.done).toBeLessThan(50);
});

it.each([
  [{ healthy: 998, attention: 1 }, "998 healthy, 1 needs attention"],
  [{ healthy: 1200, failing: 2, needsSignIn: 3 }, "1,200 healthy, 3 need sign-in, 2 failing"],
  [{}, "Nothing was tested"],
])("sums %j up as %j", (counts, text) => {
  expect(
    summed({
      tested: 0,
      healthy: 0,
      attention: 0,
      needsSignIn: 0,
      failing: 0,
      notTested: [],
      ...counts,
    }),
  ).toBe(text);
});

it("lets its summary go when it is over, sooner when all went well, and keeps it while there is something to press", async () => {
  vi.useFakeTimers();
  const run = async (fates: Partial<TestAllSummary>): Promise<TestAll> => {
    const summary = {
      tested: 1,
      healthy: 1,
      attention: 0,
      needsSignIn: 0,
      failing: 0,
      notTested: [],
      ...fates,
    };
    world({}, { testAll: () => Promise.resolve(summary) });
    const test = new TestAll();
    await test.run([example(0).row], true, () => undefined);
    expect(test.summary).not.toBeNull();
    await vi.advanceTimersByTimeAsync(8_000);
    return test;
  };
  expect((await run({})).summary).toBeNull();
  const trouble = await run({ healthy: 0, failing: 1 });
  expect(trouble.summary).not.toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(trouble.summary).toBeNull();
  const locked = await run({
    notTested: [{ reason: "keychainLocked", because: "the keychain is locked", count: 1 }],
  });
  await vi.advanceTimersByTimeAsync(600_000);
  expect(locked.summary).not.toBeNull();
  vi.useRealTimers();
});

it.each([
  [43, "the keychain is locked", "43 could not be tested: the keychain is locked."],
  [
    1200,
    "the service asks to wait for too long",
    "1,200 could not be tested: the service asks to wait for too long.",
  ],
])("says of %i that they could not be tested, and why", (count, because, text) => {
  expect(untested({ count, because, reason: "other" })).toBe(text);
});
