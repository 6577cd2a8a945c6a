// How a text is read is the program's own (src-tauri/model/tests/pasted.rs). Here: that a secret stays in the window.
import { expect, it, vi } from "vitest";

import type { Backend, PastedView } from "../../backend";
import { SECRET, world } from "../../../test/world";
import { filled, mayHoldSeveral, readPaste, withoutInvisible } from "./paste";

function answered(secret: PastedView["secret"], cut = false) {
  const readPasted = vi.fn<Backend["readPasted"]>(() => Promise.resolve({ clientId: null, tenant: "contoso.com", secret, cut }));
  world({}, { readPasted });
  return readPasted;
}

it.each([
  ["plain", `CLIENT_SECRET=${SECRET}`, SECRET, SECRET],
  ["json", String.raw`{"password": "p~a\u002bb\"c"}`, String.raw`p~a\u002bb\"c`, 'p~a+b"c'],
  ["csv", 'x,"a""b"', 'a""b', 'a"b'],
  ["plain", `# 😀 é\nsecret: ${SECRET}`, SECRET, SECRET],
] as const)("takes a secret written as %s from its place in the text", async (written, text, raw, secret) => {
  const start = text.indexOf(raw);
  answered({ range: { start, end: start + raw.length }, written });
  expect(await readPaste(text)).toEqual({ values: { clientSecret: secret, tenant: "contoso.com" }, cut: false });
});

it("hands on no more than the beginning of a huge text, and says so", async () => {
  const readPasted = answered(null);
  expect((await readPaste("a ".repeat(1_000_000))).cut).toBe(true);
  expect(readPasted.mock.calls[0]?.[0].length).toBe(65_536);
});

it.each(["9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b", "contoso.com", SECRET, ` ${SECRET}\n`, ""])("does not ask about %j, which is one value", (text) => {
  expect(mayHoldSeveral(text)).toBe(false);
});

it("says which fields were filled, as the form calls them", () => {
  const labels = { clientId: "Client ID", clientSecret: "Client secret", tenant: "Tenant ID" };
  expect(filled({ clientId: "a", clientSecret: "b", tenant: "c" }, labels)).toBe("Client ID, Client secret and Tenant ID");
  expect(filled({ tenant: "c" }, { tenant: "Tenant" })).toBe("Tenant");
});

it.each([
  ["a\u200bb", "ab"],
  ["\ufeffabc", "abc"],
  ["p~a+b&c%d=e f", null],
])("makes %j of what nobody sees %j", (secret, clean) => {
  expect(withoutInvisible(secret)).toBe(clean);
});
