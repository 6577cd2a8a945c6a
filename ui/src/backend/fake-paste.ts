// The pretend backend's reading of pasted texts and of days, roughly. The real rules are the program's own.
import type { DayVerdict, PastedView } from "./bindings";

interface Found {
  clientId?: string;
  clientSecret?: string;
  tenant?: string;
}

type Key = keyof Found;

const MAX_LENGTH = 65_536;

/** Lines that the portal's Overview has between a label and its value. */
const BETWEEN = /^(?::|copy to clipboard|copied|)$/i;

export function fakePaste(text: string): PastedView {
  const { clientId, clientSecret, tenant } = fromJson(text) ?? fromLines(text);
  const secret = clientSecret === undefined ? null : positionOf(text, clientSecret);
  return {
    clientId: clientId ?? null,
    tenant: tenant ?? null,
    secret,
    cut: text.length >= MAX_LENGTH,
  };
}

function positionOf(text: string, secret: string): PastedView["secret"] {
  const start = text.indexOf(secret);
  if (start >= 0) return { range: { start, end: start + secret.length }, written: "plain" };
  const raw = JSON.stringify(secret).slice(1, -1);
  const escaped = text.indexOf(raw);
  return escaped < 0
    ? null
    : { range: { start: escaped, end: escaped + raw.length }, written: "json" };
}

/** The pretend day is always 25 November 2026. */
export function fakeDay(text: string): DayVerdict {
  const nothing: DayVerdict = {
    value: null,
    note: null,
    warning: null,
    problem: null,
    choices: [],
  };
  if (text.trim() === "") return nothing;
  const slashes = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  if (slashes && Number(slashes[1]) <= 12 && Number(slashes[2]) <= 12) {
    const [, first, second, year] = slashes.map(Number) as [number, number, number, number];
    const labels = [
      new Date(Date.UTC(year, first - 1, second)),
      new Date(Date.UTC(year, second - 1, first)),
    ].map(words);
    return {
      ...nothing,
      problem: `This can be ${labels.join(" or ")}; choose one.`,
      choices: labels.map((label) => ({ label })),
    };
  }
  const iso = text.trim().replace(/^(\d{2})(\d{2})(\d{4})$/, "$3-$1-$2");
  const at = Date.parse(/^\d/.test(iso) && iso.includes("-") ? iso : `${iso} UTC`);
  if (Number.isNaN(at)) return { ...nothing, problem: "Enter a date such as 20 Dec 2026." };
  const days = Math.round((at - Date.UTC(2026, 10, 25)) / 86_400_000);
  const warning =
    days < 0
      ? "This day has passed."
      : days > 731
        ? "The portal makes secrets for 24 months at most. Check the year."
        : null;
  return {
    ...nothing,
    value: new Date(at).toISOString().slice(0, 10),
    note: `${words(new Date(at))}, in ${String(days)} days.`,
    warning,
  };
}

function words(day: Date): string {
  return day.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}

/** JSON, also with the lines of a terminal before and after it. */
function fromJson(text: string): Found | null {
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}")];
  if (start < 0 || end < start) return null;
  try {
    const found: Found = {};
    for (const [name, value] of Object.entries(
      JSON.parse(text.slice(start, end + 1)) as Record<string, unknown>,
    )) {
      if (typeof value === "string") put(found, name, value);
    }
    return found;
  } catch {
    return null;
  }
}

function fromLines(text: string): Found {
  const found: Found = {};
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

function put(found: Found, name: string, value: string): void {
  const key = keyOf(name);
  if (key && found[key] === undefined && value !== "") found[key] = value;
}

function keyOf(name: string): Key | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  const bare = plain.replace(/^(azure|arm|aad|entra|graph|microsoft|ms)+/, "");
  if (["clientid", "appid", "applicationid", "applicationclientid"].includes(bare))
    return "clientId";
  if (["clientsecret", "password", "secretvalue", "secret", "appsecret"].includes(bare))
    return "clientSecret";
  if (["tenantid", "tenant", "directorytenantid", "directoryid"].includes(bare)) return "tenant";
  return null;
}

function unquoted(value: string): string {
  const bare = value.replace(/[;,]$/, "");
  const quoted = /^(["'])(.*)\1$/.exec(bare);
  return quoted?.[2] ?? value;
}
