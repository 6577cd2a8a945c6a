import { expect, it } from "vitest";

import type { ConnectionRow } from "../backend";
import { examples, world } from "../../test/world";
import { ConnectionsView } from "./connections.svelte";
import { summed } from "./test-all.svelte";

async function listOf(count: number, pace = 0): Promise<ConnectionsView> {
  world({ connections: examples(count), pace });
  const list = new ConnectionsView();
  await list.load();
  return list;
}

it("tests every connection and puts each row in its place as it ends", async () => {
  const list = await listOf(8);
  await list.testAll();
  expect(list.test).toMatchObject({ running: false, done: 8, total: 8, waiting: null, error: null });
  const { tested, healthy, attention } = list.test.summary ?? { tested: 0, healthy: 0, attention: 0 };
  expect([tested, healthy + attention]).toEqual([8, 8]);
  const statuses = list.all.map((row: ConnectionRow) => row.status);
  expect(statuses.every((status) => status === "healthy" || status === "needsAttention")).toBe(true);
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
  await new Promise((resolve) => setTimeout(resolve, 30));
  await list.test.stop();
  await running;
  expect(list.test).toMatchObject({ running: false, stopped: true, summary: null, error: null });
  expect(list.test.done).toBeGreaterThan(0);
  expect(list.test.done).toBeLessThan(50);
});

it.each([
  [{ healthy: 998, attention: 1, putOff: 1 }, "998 healthy, 1 needs attention, 1 put off"],
  [{ healthy: 1200, failing: 2, needsSignIn: 3 }, "1,200 healthy, 3 need sign-in, 2 failing"],
  [{}, "Nothing was tested"],
])("sums %j up as %j", (counts, text) => {
  expect(summed({ tested: 0, healthy: 0, attention: 0, needsSignIn: 0, failing: 0, putOff: 0, ...counts })).toBe(text);
});
