import { expect, it } from "vitest";

import type { ErrorCode } from "./backend";
import { explain, INTEGRATION, STEP } from "./words";

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
  const elsewhere: ErrorCode[] = [
    "keychainLocked",
    "keychainNoCollection",
    "keychainOtherProvider",
    "keychainOtherCollection",
  ];
  for (const code of elsewhere) expect(explain(code).next).not.toContain("Enter the secret");
  expect(explain("keychainMissing").next).toContain("Enter the secret");
});

it("does not blame the connection when Microsoft throttles", () => {
  expect(explain("throttled").next).toContain("Nothing is wrong with the connection");
});

it("still has words when the program is newer than the window", () => {
  expect(explain("brandNew" as ErrorCode)).toEqual({
    title: "Unexpected error",
    next: "Try again.",
  });
});

it("names eleven integrations", () => {
  expect(Object.values(INTEGRATION)).toHaveLength(11);
});

it("says what to do to whoever reads it", () => {
  expect(explain("cancelled").title).toBe("Canceled");
  expect(explain("expired")).toEqual({
    title: "Sign-in timed out",
    next: "You did not finish the sign-in within five minutes. Start again.",
  });
  expect(explain("invalid")).toEqual({
    title: "Check what you entered",
    next: "Correct it, then try again.",
  });
  expect(explain("store").next).toBe(
    "Check that the disk is not full and that you can write to the data folder.",
  );
  expect(STEP.probe).toBe("Sample read");
});

it("spells as the portal does, everywhere in the window", () => {
  const files = import.meta.glob<string>("./**/*.{svelte,ts}", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const texts = Object.entries(files).filter(([name]) => !/\.test\.ts$|fake|bindings/.test(name));
  expect(texts.length).toBeGreaterThan(50);
  const british = /\b(?:[Oo]rganisation|[Rr]ecognise|Licence|Cancelled)/;
  expect(texts.filter(([, text]) => british.test(text)).map(([name]) => name)).toEqual([]);
});
