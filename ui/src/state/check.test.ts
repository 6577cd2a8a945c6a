import { beforeEach, expect, it, vi } from "vitest";

import type { CheckReport, Finding } from "../backend";
import { failure, reportFor } from "../backend/fake";
import { world } from "../../test/world";
import { Check } from "./check.svelte";

const REPORT = reportFor("teams", "fine", false);
const FINDING = REPORT.findings[0] as Finding;

beforeEach(() => {
  world();
});

it("shows findings as they come and then the report, under the number the backend knows", async () => {
  const check = new Check();
  const numbers: number[] = [];
  await check.run((number, onFinding) => {
    numbers.push(number);
    onFinding(FINDING);
    return Promise.resolve(REPORT);
  });
  expect(check.findings).toEqual([FINDING]);
  expect(check.report).toBe(REPORT);
  expect(check.number).toBe(numbers[0]);
  expect(check.passed).toBe(true);
});

it("has no passing report while one is missing, failed or inconclusive", async () => {
  const check = new Check();
  expect(check.passed).toBe(false);
  await check.run(() => Promise.resolve(reportFor("teams", "wrong", false)));
  expect(check.passed).toBe(false);
  await check.run(() => Promise.resolve({ ...REPORT, outcome: "inconclusive" }));
  expect(check.passed).toBe(false);
});

it("ignores a report that comes after it was discarded, and tells the backend to stop", async () => {
  const cancelCheck = vi.fn(() => Promise.resolve());
  world({}, { cancelCheck });
  const check = new Check();
  let finish: (report: CheckReport) => void = () => undefined;
  let late: (finding: Finding) => void = () => undefined;
  const run = check.run((_number, onFinding) => {
    late = onFinding;
    return new Promise((resolve) => (finish = resolve));
  });
  check.discard();
  late(FINDING);
  finish(REPORT);
  await run;
  expect(cancelCheck).toHaveBeenCalledOnce();
  expect(check).toMatchObject({ report: null, running: false, findings: [], number: null });
});

it("keeps the error when there is no report", async () => {
  const check = new Check();
  const error = failure("cancelled", "The test was cancelled.");
  // As Tauri rejects: with a plain object.
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  await check.run(() => Promise.reject(error));
  expect(check.error).toEqual(error);
  expect(check.running).toBe(false);
});

it("keeps the findings in the order of the steps, and of a step that is told twice the later one", async () => {
  const check = new Check();
  const told = (step: Finding["step"], summary: string): Finding => ({ ...FINDING, step, summary });
  await check.run((_number, onFinding) => {
    onFinding(told("credential", "Issued."));
    onFinding(told("tenant", "It exists."));
    onFinding(told("tenant", "It is Contoso."));
    return Promise.resolve(REPORT);
  });
  expect(check.findings.map(({ step, summary }) => [step, summary])).toEqual([
    ["tenant", "It is Contoso."],
    ["credential", "Issued."],
  ]);
});

it("tests again by itself while a grant is on its way, three times at most", async () => {
  vi.useFakeTimers();
  const check = new Check();
  let runs = 0;
  let ends = 0;
  const late = { ...REPORT, againAfterS: 60 };
  await check.run(
    () => {
      runs += 1;
      return Promise.resolve(late);
    },
    () => (ends += 1),
  );
  expect(check.againIn).toBe(60);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(check.againIn).toBe(30);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(runs).toBe(4);
  expect(ends).toBe(4);
  expect(check.againIn).toBeNull();
  vi.useRealTimers();
});

it("does not test again after a person has stopped it", async () => {
  vi.useFakeTimers();
  const check = new Check();
  const start = vi.fn(() => Promise.resolve({ ...REPORT, againAfterS: 5 }));
  await check.run(start);
  check.stay();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(start).toHaveBeenCalledOnce();
  expect(check.report?.againAfterS).toBe(5);
  vi.useRealTimers();
});

it("goes on from a report that was made elsewhere, and says of the runs that follow that they began by themselves", async () => {
  vi.useFakeTimers();
  const check = new Check();
  const seen: boolean[] = [];
  const start = vi.fn(() => {
    seen.push(check.byItself);
    return Promise.resolve(REPORT);
  });
  check.follow({ ...REPORT, againAfterS: 60 }, start);
  expect(check).toMatchObject({ againIn: 60, running: false });
  await vi.advanceTimersByTimeAsync(61_000);
  expect(start).toHaveBeenCalledOnce();
  expect(check.report).toBe(REPORT);
  await check.again();
  expect(seen).toEqual([true, false]);
  vi.useRealTimers();
});

it("waits as long as a service asks that is busy", async () => {
  const check = new Check();
  await check.run(() => Promise.resolve(reportFor("teams", "busy", false)));
  expect(check.againIn).toBe(30);
  expect(check.passed).toBe(false);
  check.discard();
});
