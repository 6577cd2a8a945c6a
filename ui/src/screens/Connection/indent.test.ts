import { expect, it } from "vitest";

import { indent } from "./indent";

it.each([
  {
    value: [{ displayName: "Contoso", empty: {}, none: [], nothing: null, yes: true }],
    "@odata.count": 1,
  },
  [],
  { text: 'brackets { [ ] } , : and "quotes" \\ in a text\n' },
  [[[]], [{}], {}],
])("indents %j as JSON is usually indented", (value) => {
  expect(indent(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
});

it("keeps numbers that no number of this language holds, and members in their order", () => {
  expect(indent('{"2":12345678901234567890,"1":1e400}')).toBe(
    '{\n  "2": 12345678901234567890,\n  "1": 1e400\n}',
  );
});

it("indents as far as a text goes that is cut off", () => {
  expect(indent('{"a":[1,{"b":"cut of')).toBe('{\n  "a": [\n    1,\n    {\n      "b": "cut of');
});

it("leaves alone what is no JSON", () => {
  expect(indent("<html>\n  <b>x</b></html>")).toBe("<html>\n  <b>x</b></html>");
});
