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
