import { expect, it } from "vitest";

import { EXPLANATION, INTEGRATION, STEP } from "./words";

it("gives every error code a title of its own, and advice in sentences", () => {
  const explanations = Object.values(EXPLANATION);
  expect(new Set(explanations.map(({ title }) => title)).size).toBe(explanations.length);
  for (const { title, next } of explanations) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    if (next !== undefined) expect(next).toMatch(/^[A-Z“].*\.$/);
  }
});

it("names eleven integrations", () => {
  expect(Object.values(INTEGRATION)).toHaveLength(11);
});

it("says what to do to whoever reads it", () => {
  expect(EXPLANATION.cancelled.title).toBe("Canceled");
  expect(EXPLANATION.invalid).toEqual({
    title: "Check what you entered",
    next: "Correct it, then try again.",
  });
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
