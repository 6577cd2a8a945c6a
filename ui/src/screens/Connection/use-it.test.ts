import { expect, it } from "vitest";

import { example } from "../../backend/fake";
import { recipes } from "./use-it";

function lineFor(name: string, shell: string): string {
  const detail = example(0);
  const found = recipes({ ...detail, row: { ...detail.row, name } }).find((recipe) => recipe.shell === shell);
  if (!found) throw new Error(`no line for ${shell}`);
  return found.line;
}

it.each([
  ["Contoso audit", "'Contoso audit'"],
  ["it's", String.raw`'it'\''s'`],
  ["$(touch x) `id` \"q\" ; rm", "'$(touch x) `id` \"q\" ; rm'"],
])("quotes the name %j for bash as %s", (name, quoted) => {
  expect(lineFor(name, "bash")).toBe(`graph-connect exec ${quoted} -- ./report.sh`);
});

it("doubles what ends a quoted text in PowerShell", () => {
  expect(lineFor("it's ‘it’", "PowerShell")).toContain("exec 'it''s ‘‘it’’' --");
});

it("asks the Graph of the connection's own cloud", () => {
  const detail = { ...example(0), graph: "https://microsoftgraph.chinacloudapi.cn" };
  expect(recipes(detail).at(-1)?.line).toContain("https://microsoftgraph.chinacloudapi.cn/v1.0/organization");
});
