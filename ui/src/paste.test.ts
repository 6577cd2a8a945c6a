// How a text is read is the program's own (src-tauri/model/tests/pasted.rs). Here: that a secret stays in the window.
import { expect, it, vi } from "vitest";

import type { Backend, PastedView } from "./backend";
import { SECRET, world } from "../test/world";
import { filled, mayHoldSeveral, readPaste, withoutInvisible } from "./paste";

function reads(secret: PastedView["secret"], cut = false) {
  const readPasted = vi.fn<Backend["readPasted"]>(() =>
    Promise.resolve({ clientId: null, tenant: "contoso.com", secret, cut }),
  );
  world({}, { readPasted });
  return readPasted;
}

it.each([
  ["plain", `CLIENT_SECRET=${SECRET}`, SECRET, SECRET],
  ["json", String.raw`{"password": "p~a\u002bb\"c"}`, String.raw`p~a\u002bb\"c`, 'p~a+b"c'],
  ["csv", 'x,"a""b"', 'a""b', 'a"b'],
  ["plain", `# 😀 é\nsecret: ${SECRET}`, SECRET, SECRET],
] as const)(
  "takes a secret written as %s from its position in the text",
  async (written, text, raw, secret) => {
    const start = text.indexOf(raw);
    reads({ range: { start, end: start + raw.length }, written });
    expect(await readPaste(text)).toEqual({
      values: { clientSecret: secret, tenant: "contoso.com" },
      cut: false,
    });
  },
);

it.each([
  [
    "beside it",
    `Graph\t20 Dec 2026\t${SECRET}\t9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b`,
    "20 Dec 2026",
  ],
  ["in American order", `Graph\t12/20/2026\t${SECRET}`, "12/20/2026"],
  [
    "as one of two, said to be the end",
    `Start: 2025-12-20\nSecret: ${SECRET}\nEnd: 2026-12-20T00:00:00Z`,
    "2026-12-20",
  ],
  ["as one of two that say nothing", `2025-12-20\t${SECRET}\t2026-12-20`, undefined],
  ["that is none", `Secret: ${SECRET}\nExpires: 2026-13-45`, undefined],
])("takes the day %s with the secret", async (_how, text, day) => {
  const start = text.indexOf(SECRET);
  const inspectDay: Backend["inspectDay"] = (written) =>
    Promise.resolve({
      value: written.includes("13-45") ? null : "2026-12-20",
      note: null,
      warning: null,
      problem: null,
      choices: [],
    });
  world(
    {},
    {
      inspectDay,
      readPasted: () =>
        Promise.resolve({
          clientId: null,
          tenant: null,
          secret: { range: { start, end: start + SECRET.length }, written: "plain" },
          cut: false,
        }),
    },
  );
  expect((await readPaste(text)).values.secretExpiresOn).toBe(day);
});

it("looks for no day in a secret, nor where there is none", async () => {
  reads({ range: { start: 8, end: 18 }, written: "plain" });
  expect((await readPaste("Secret: 2026-12-20")).values).toEqual({
    clientSecret: "2026-12-20",
    tenant: "contoso.com",
  });
  reads(null);
  expect((await readPaste("Expires: 2026-12-20")).values).toEqual({ tenant: "contoso.com" });
});

it("hands on no more than the beginning of a huge text, and says so", async () => {
  const readPasted = reads(null);
  expect((await readPaste("a ".repeat(1_000_000))).cut).toBe(true);
  expect(readPasted.mock.calls[0]?.[0].length).toBe(65_536);
});

it.each(["9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b", "contoso.com", SECRET, ` ${SECRET}\n`, ""])(
  "does not ask about %j, which is one value",
  (text) => {
    expect(mayHoldSeveral(text)).toBe(false);
  },
);

it("says which fields were filled, as the form calls them", () => {
  const labels = { clientId: "Client ID", clientSecret: "Client secret", tenant: "Tenant ID" };
  expect(filled({ clientId: "a", clientSecret: "b", tenant: "c" }, labels)).toBe(
    "Client ID, Client secret and Tenant ID",
  );
  expect(filled({ tenant: "c" }, { tenant: "Tenant" })).toBe("Tenant");
});

it.each([
  ["a\u200bb", "ab"],
  ["\ufeffabc", "abc"],
  ["p~a+b&c%d=e f", null],
])("makes %j of what nobody sees %j", (secret, clean) => {
  expect(withoutInvisible(secret)).toBe(clean);
});
