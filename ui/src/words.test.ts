import { expect, it } from "vitest";

import type { ErrorCode } from "./backend";
import { explain, INTEGRATION } from "./words";

// A missing code does not compile, an extra one neither.
const CODES: Record<ErrorCode, true> = {
  nameTaken: true,
  notFound: true,
  invalid: true,
  keychainUnavailable: true,
  keychainNoCollection: true,
  keychainLocked: true,
  keychainDenied: true,
  keychainMissing: true,
  keychainOtherProvider: true,
  keychainOtherCollection: true,
  keychainTooLarge: true,
  keychainAmbiguous: true,
  keychainBusy: true,
  keychainDamaged: true,
  keychainOther: true,
  network: true,
  throttled: true,
  unavailable: true,
  needsSignIn: true,
  credential: true,
  refused: true,
  declined: true,
  expired: true,
  cancelled: true,
  otherAccount: true,
  tooManySignIns: true,
  listener: true,
  browser: true,
  newerStore: true,
  store: true,
  internal: true,
};

it("gives every error code a title of its own and something to do next", () => {
  const said = (Object.keys(CODES) as ErrorCode[]).map((code) => explain(code));
  expect(new Set(said.map(({ title }) => title)).size).toBe(said.length);
  for (const { title, next } of said) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(next).toMatch(/^[A-Z“].*\.$/);
  }
});

it("tells a locked keychain from an absent one and from one that refused", () => {
  expect(explain("keychainLocked").next).toContain("Unlock");
  expect(explain("keychainUnavailable").next).toContain("never kept anywhere else");
  expect(explain("keychainDenied").next).toContain("Allow");
});

it("never asks for a secret anew that another keychain still holds", () => {
  const elsewhere: ErrorCode[] = ["keychainLocked", "keychainNoCollection", "keychainOtherProvider", "keychainOtherCollection"];
  for (const code of elsewhere) expect(explain(code).next).not.toContain("Enter the secret");
  expect(explain("keychainMissing").next).toContain("Enter the secret");
});

it("does not blame the connection when Microsoft throttles", () => {
  expect(explain("throttled").next).toContain("Nothing is wrong with the connection");
});

it("still has words when the program is newer than the window", () => {
  expect(explain("brandNew" as ErrorCode)).toEqual({ title: "Unexpected error", next: "Try again." });
});

it("names eleven integrations", () => {
  expect(Object.values(INTEGRATION)).toHaveLength(11);
});
