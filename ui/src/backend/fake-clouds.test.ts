import { expect, it } from "vitest";

import program from "../../../src-tauri/entra/src/cloud.rs?raw";
import { BUILT_IN_CLOUDS } from "./fake-clouds";

it("pretends the clouds that are built into the program", () => {
  const list = /const BUILT_IN\b[^=]*= \[(.*?)\n\];/s.exec(program)?.[1] ?? "";
  const entries = list.matchAll(/\bid: "(.+?)",\s+name: "(.+?)",.*?\bportal: "(.+?)"/gs);
  const builtIn = [...entries].map(([, id, name, portal]) => ({ id, name, portal }));
  expect(BUILT_IN_CLOUDS).toEqual(builtIn);
});
