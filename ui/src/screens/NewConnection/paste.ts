// Reads what people paste into the form in one go: the JSON of `az ad sp create-for-rbac` and of the script for Cloud
// Shell, KEY=value lines of scripts, and the portal's Overview. It happens here because a secret should cross the border
// only once.

export interface Pasted {
  clientId?: string;
  clientSecret?: string;
  tenant?: string;
}

type Key = keyof Pasted;

/** Lines that the portal's Overview has between a label and its value. */
const BETWEEN = /^(?::|copy to clipboard|copied|)$/i;

/** The values found in a pasted text, or null if it is just one value for one field. */
export function readPaste(text: string): Pasted | null {
  if (text.length > 20_000) return null;
  const pasted = fromJson(text) ?? fromLines(text);
  return Object.keys(pasted).length > 0 ? pasted : null;
}

/** "Client ID, Client secret and Tenant ID": the labels of the fields that were filled. */
export function filled(pasted: Pasted, labels: Partial<Record<Key, string>>): string {
  const keys: Key[] = ["clientId", "clientSecret", "tenant"];
  const names = keys.flatMap((key) => (pasted[key] === undefined ? [] : (labels[key] ?? [])));
  return new Intl.ListFormat("en-GB").format(names);
}

/** What can be cleaned from a secret without guessing: spaces around it, and characters that nobody sees. */
export function secretCleanUp(secret: string): { label: string; done: string; clean: string } | null {
  const visible = secret.replace(/[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g, "");
  if (visible !== secret) {
    return {
      label: "Remove invisible characters",
      done: "The invisible characters were removed.",
      clean: visible,
    };
  }
  const trimmed = secret.trim();
  if (trimmed === secret.replace(/[\r\n]+$/, "") || trimmed === "") return null;
  return { label: "Remove the spaces around it", done: "The spaces around it were removed.", clean: trimmed };
}

/** JSON, also with the lines of a terminal before and after it. */
function fromJson(text: string): Pasted | null {
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}")];
  if (start < 0 || end < start) return null;
  try {
    const found: Pasted = {};
    for (const [name, value] of Object.entries(JSON.parse(text.slice(start, end + 1)) as Record<string, unknown>)) {
      if (typeof value === "string") put(found, name, value);
    }
    return found;
  } catch {
    return null;
  }
}

function fromLines(text: string): Pasted {
  const found: Pasted = {};
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => !BETWEEN.test(line));
  lines.forEach((line, index) => {
    const pair = /^(?:export\s+|set\s+|\$env:)?([A-Za-z][\w ()-]*?)\s*[=:\t]\s*(\S.*)$/i.exec(line);
    if (pair?.[1] && pair[2]) put(found, pair[1], unquoted(pair[2]));
    // The Overview of the portal has each label on a line of its own, and the value on the next.
    else if (lines[index + 1]) put(found, line.replace(/[\s:]+$/, ""), lines[index + 1] ?? "");
  });
  return found;
}

function put(found: Pasted, name: string, value: string): void {
  const key = keyOf(name);
  if (key && found[key] === undefined && value !== "") found[key] = value;
}

function keyOf(name: string): Key | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  const bare = plain.replace(/^(azure|arm|aad|entra|graph|microsoft|ms)+/, "");
  if (["clientid", "appid", "applicationid", "applicationclientid"].includes(bare)) return "clientId";
  if (["clientsecret", "password", "secretvalue", "secret", "appsecret"].includes(bare)) return "clientSecret";
  if (["tenantid", "tenant", "directorytenantid", "directoryid"].includes(bare)) return "tenant";
  return null;
}

function unquoted(value: string): string {
  const bare = value.replace(/[;,]$/, "");
  const quoted = /^(["'])(.*)\1$/.exec(bare);
  return quoted?.[2] ?? value;
}
