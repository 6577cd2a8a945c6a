import { describe, expect, it } from "vitest";

import { filled, readPaste, secretCleanUp } from "./paste";

const CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444";
const TENANT = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const SECRET = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~";
const ALL = { clientId: CLIENT, clientSecret: SECRET, tenant: TENANT };

describe("what people paste", () => {
  it("takes the JSON of az ad sp create-for-rbac", () => {
    const json = JSON.stringify({ appId: CLIENT, displayName: "audit", password: SECRET, tenant: TENANT });
    expect(readPaste(json)).toEqual(ALL);
  });

  it("takes the JSON that was once made for GitHub", () => {
    const json = JSON.stringify({
      clientId: CLIENT,
      clientSecret: SECRET,
      subscriptionId: "x",
      tenantId: TENANT,
      activeDirectoryEndpointUrl: "https://login.microsoftonline.com",
    });
    expect(readPaste(json)).toEqual(ALL);
  });

  it.each([
    ["an .env file", `AZURE_CLIENT_ID=${CLIENT}\nAZURE_CLIENT_SECRET="${SECRET}"\r\nAZURE_TENANT_ID=${TENANT}\n`],
    ["a shell script", `export ARM_CLIENT_ID='${CLIENT}';\nexport ARM_CLIENT_SECRET='${SECRET}'\nexport ARM_TENANT_ID=${TENANT}`],
    ["PowerShell", `$env:AZURE_CLIENT_ID = "${CLIENT}"\n$env:AZURE_CLIENT_SECRET = "${SECRET}"\n$env:AZURE_TENANT_ID = "${TENANT}"`],
    ["a mail", `Client ID: ${CLIENT}\nClient secret: ${SECRET}\nTenant ID: ${TENANT}`],
  ])("takes the lines of %s", (_where, text) => {
    expect(readPaste(text)).toEqual(ALL);
  });

  it("takes the portal's Overview, and leaves the object ID alone", () => {
    const text = `Display name\naudit\nApplication (client) ID\n${CLIENT}\nObject ID\n11112222-bbbb-3333-cccc-4444dddd5555\nDirectory (tenant) ID\n${TENANT}\nSupported account types\nMy organization only`;
    expect(readPaste(text)).toEqual({ clientId: CLIENT, tenant: TENANT });
  });

  it("takes the portal's Overview with the lines of its copy buttons, and cells of a spreadsheet", () => {
    const overview = `Application (client) ID\n:\n${CLIENT}\nCopy to clipboard\n\nDirectory (tenant) ID\n:\n${TENANT}`;
    expect(readPaste(overview)).toEqual({ clientId: CLIENT, tenant: TENANT });
    expect(readPaste(`Client ID\t${CLIENT}\nTenant ID\t${TENANT}`)).toEqual({ clientId: CLIENT, tenant: TENANT });
  });

  it("takes what the script prints, also with the lines of the terminal around it", () => {
    const printed = `alex@Azure:~$ bash make.sh\nDone.\n{\n  "appId": "${CLIENT}",\n  "password": "${SECRET}",\n  "tenant": "${TENANT}"\n}\nalex@Azure:~$ `;
    expect(readPaste(printed)).toEqual(ALL);
  });

  it("keeps a secret byte for byte, whatever is in it", () => {
    expect(readPaste("CLIENT_SECRET=p~a+b&c%d=e f;#'\"x")).toEqual({ clientSecret: "p~a+b&c%d=e f;#'\"x" });
  });
});

describe("what is one value", () => {
  it.each([CLIENT, TENANT, "contoso.com", SECRET, "p~a+b&c%d=e f", "Zm9v:YmFy", "", "{not json"])("leaves %j to its field", (text) => {
    expect(readPaste(text)).toBeNull();
  });
});

it("says which fields were filled, as the form calls them", () => {
  const labels = { clientId: "Client ID", clientSecret: "Client secret", tenant: "Tenant ID" };
  expect(filled(ALL, labels)).toBe("Client ID, Client secret and Tenant ID");
  expect(filled({ tenant: TENANT }, { tenant: "Tenant" })).toBe("Tenant");
});

describe("a secret", () => {
  it.each([SECRET, "p~a+b&c%d=e f", "abc\n", "abc\r\n", "", " "])("%j is offered no clean-up", (secret) => {
    expect(secretCleanUp(secret)).toBeNull();
  });

  it.each([
    ["abc ", "abc"],
    [" abc", "abc"],
    ["\u00a0a b\t\n", "a b"],
    ["a\u200bb", "ab"],
    ["\ufeffabc", "abc"],
  ])("%j can be made %j", (secret, clean) => {
    expect(secretCleanUp(secret)?.clean).toBe(clean);
  });
});
