import { expect, it } from "vitest";

import { example } from "../../backend/fake";
import { getLine, recipes } from "./use-it";

function lineFor(name: string, shell: string): string {
  const detail = example(0);
  const found = recipes({ ...detail, row: { ...detail.row, name } }).find(
    (recipe) => recipe.shell === shell,
  );
  if (!found) throw new Error(`no line for ${shell}`);
  return found.line;
}

it.each([
  ["Contoso audit", "'Contoso audit'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(touch x) `id` "q" ; rm', "'$(touch x) `id` \"q\" ; rm'"],
])("quotes the name %j for bash as %s", (name, quoted) => {
  expect(lineFor(name, "bash")).toBe(`graph-connect exec ${quoted} -- ./report.sh`);
});

it("doubles what ends a quoted text in PowerShell", () => {
  expect(lineFor("it's ‘it’", "PowerShell")).toContain("exec 'it''s ‘‘it’’' --");
});

it.each([
  ["Contoso audit", "'Contoso audit'", '"Contoso audit"'],
  ["it's $HOME & more", "'it''s $HOME & more'", `"it's $HOME & more"`],
  ["100 %PATH% of", "'100 %PATH% of'", null],
  ['the "new" one', null, null],
  ["ends with \\", null, null],
  ["hurry!", "'hurry!'", null],
])("quotes %j for the shells of Windows, or names the ID", (name, powershell, prompt) => {
  const { id } = example(0).row;
  expect(lineFor(name, "Windows PowerShell 5.1")).toContain(`exec ${powershell ?? `'${id}'`} --`);
  expect(lineFor(name, "Command Prompt")).toBe(
    `graph-connect exec ${prompt ?? `"${id}"`} -- .\\report.cmd`,
  );
});

it("asks the Graph of the connection's own cloud", () => {
  const detail = { ...example(0), graph: "https://microsoftgraph.chinacloudapi.cn" };
  expect(recipes(detail).at(-1)?.line).toContain(
    "https://microsoftgraph.chinacloudapi.cn/v1.0/organization",
  );
});

it("tells PowerShell which cloud it is", () => {
  const china = { ...example(0), powershellEnvironment: "China" };
  expect(recipes(china).find(({ shell }) => shell === "PowerShell")?.line).toContain(
    "-Identity -Environment China;",
  );
  expect(lineFor("Contoso", "PowerShell")).toContain("-Identity;");
});

it("leaves a name alone that looks like a placeholder, and no placeholder empty", () => {
  expect(lineFor("{graph} {name}", "bash")).toBe(
    "graph-connect exec '{graph} {name}' -- ./report.sh",
  );
  for (const { line } of recipes(example(0)))
    expect(line).not.toMatch(/\{(?:name|graph|environment)\}/);
});

it("quotes the path of a call, too", () => {
  expect(
    getLine({ ...example(0).row, name: "it's" }, "/users?$filter=displayName eq 'x'", true),
  ).toBe(String.raw`graph-connect get 'it'\''s' '/users?$filter=displayName eq '\''x'\''' --beta`);
});

it("goes by the ID where a name begins as an option does", () => {
  expect(lineFor("--help", "bash")).toBe(
    `graph-connect exec '${example(0).row.id}' -- ./report.sh`,
  );
});
