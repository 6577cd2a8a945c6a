import { describe, expect, it, vi } from "vitest";

import { clock, coarse, expiry, moment, relative, secondsLeft } from "./time";

const NOW = new Date("2026-06-15T12:00:00Z");

describe("the countdown", () => {
  it("shows minutes and two digits of seconds", () => {
    expect([clock(300), clock(61), clock(9), clock(0)]).toEqual(["5:00", "1:01", "0:09", "0:00"]);
  });

  it("rounds up, and never goes below nothing", () => {
    expect(secondsLeft("2026-06-15T12:00:00.700Z", NOW)).toBe(1);
    expect(secondsLeft("2026-06-15T11:00:00Z", NOW)).toBe(0);
  });

  it("is announced once a minute and at half a minute, not every second", () => {
    const announced = new Set(Array.from({ length: 301 }, (_, second) => coarse(second)));
    expect(announced.size).toBe(7);
    expect([coarse(299), coarse(60), coarse(31), coarse(30)]).toEqual([
      "5 minutes left.",
      "1 minute left.",
      "1 minute left.",
      "30 seconds left.",
    ]);
  });
});

describe("the time since a test", () => {
  it.each([
    ["2026-06-15T11:59:30Z", "Just now"],
    ["2026-06-15T11:55:00Z", "5 min ago"],
    ["2026-06-15T11:00:00Z", "1 hour ago"],
    ["2026-06-12T11:00:00Z", "3 days ago"],
    ["2026-03-01T11:00:00Z", "1 Mar 2026"],
  ])("of %s reads %s", (at, words) => {
    expect(relative(at, NOW)).toBe(words);
  });

  it("does not speak of the future when the clock went back", () => {
    expect(relative("2026-06-15T12:00:05Z", NOW)).toBe("Just now");
  });
});

describe("the day a secret expires on", () => {
  const KNOWN = { expiresOn: null, expiresAt: null, secretExpired: false };

  it.each([
    [null, "none", ""],
    ["2027-06-15", "later", "15 Jun 2027"],
    ["2026-09-01", "later", "1 Sep 2026"],
    ["2026-06-25", "soon", "In 10 days"],
    ["2026-06-16", "soon", "Tomorrow"],
    ["2026-06-15", "soon", "Today"],
    ["2026-06-14", "past", "Expired"],
  ] as const)("%s is %s: %s", (expiresOn, urgency, text) => {
    const now = new Date(2026, 5, 15, 12);
    expect(expiry({ ...KNOWN, expiresOn }, now)).toMatchObject({ urgency, text });
  });

  it.each([
    // Zone, now, expires, what is said. Each is another day in Greenwich.
    ["Pacific/Auckland", "2026-06-15T20:00:00Z", "2026-06-16T11:30:00Z", "Today 23:30"],
    ["Pacific/Kiritimati", "2026-06-15T09:00:00Z", "2026-06-15T10:30:00Z", "Tomorrow 00:30"],
    ["America/Los_Angeles", "2026-06-16T05:00:00Z", "2026-06-16T06:30:00Z", "Today 23:30"],
    ["America/Los_Angeles", "2026-06-16T05:00:00Z", "2026-06-16T08:00:00Z", "Tomorrow 01:00"],
    // Clocks go forward and back on the way: those days are 23 and 25 hours long.
    ["America/Los_Angeles", "2026-03-07T20:00:00Z", "2026-03-09T07:30:00Z", "In 2 days"],
    ["Pacific/Auckland", "2026-04-03T11:30:00Z", "2026-04-05T12:30:00Z", "In 2 days"],
    ["Pacific/Auckland", "2026-06-15T20:00:00Z", "2026-06-15T19:59:00Z", "Expired"],
    ["Pacific/Auckland", "2026-06-15T20:00:00Z", "2027-06-15T20:00:00Z", "16 Jun 2027"],
  ])("in %s at %s, one that ends at %s is said to end: %s", (zone, now, expiresAt, text) => {
    vi.stubEnv("TZ", zone);
    expect(expiry({ ...KNOWN, expiresAt }, new Date(now)).text).toBe(text);
    vi.unstubAllEnvs();
  });

  it("goes by the moment where it is known, and by the day that was entered where it is not", () => {
    const now = new Date(2026, 5, 15, 12);
    expect(
      expiry(
        { ...KNOWN, expiresOn: "2026-12-20", expiresAt: new Date(2026, 5, 16, 9).toISOString() },
        now,
      ).text,
    ).toBe("Tomorrow 09:00");
  });

  it("says of one that was refused as expired that it is, also without a day or with a later one", () => {
    for (const expiresOn of [null, "2050-01-01"]) {
      expect(expiry({ ...KNOWN, expiresOn, secretExpired: true }, NOW)).toMatchObject({
        urgency: "past",
        text: "Expired",
      });
    }
  });
});

describe("a moment close to now", () => {
  const at = (day: number, hour: number): string => new Date(2026, 5, day, hour, 2).toISOString();
  const now = new Date(2026, 5, 15, 10, 3);

  it.each([
    [at(15, 10), "10:02"],
    [at(15, 23), "23:02"],
    [at(16, 10), "tomorrow at 10:02"],
    [at(14, 22), "yesterday at 22:02"],
    [at(30, 10), "30 Jun 2026, 10:02"],
  ])("%s is %s", (when, text) => {
    expect(moment(when, now)).toBe(text);
  });
});
