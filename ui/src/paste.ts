// What a pasted text of several values fills in. It is read by the program, as the command line's is; the secret in it stays
// here, and only its position comes back.
import { backend } from "./backend";

export interface Pasted {
  clientId?: string;
  clientSecret?: string;
  tenant?: string;
  /** As it was written; the program reads it. */
  secretExpiresOn?: string;
}

/** What a paste filled in, and how everything was before. */
export interface Announcement {
  say: string;
  /** Not any more once something else was typed. */
  undo: (() => void) | null;
}

type Key = keyof Pasted;

/** The most of a text that is looked at. */
const MAX_LENGTH = 65_536;

/** Whether a text can hold more than one value for one field. */
export function mayHoldSeveral(text: string): boolean {
  return /[\s=:{,;|]/.test(text.trim());
}

/** The values found in a pasted text, and whether its end was left out. */
export async function readPaste(text: string): Promise<{ values: Pasted; cut: boolean }> {
  const head = text.slice(0, MAX_LENGTH);
  const { clientId, tenant, secret, cut } = await backend().readPasted(head);
  const values: Pasted = {};
  if (clientId !== null) values.clientId = clientId;
  if (secret)
    values.clientSecret = written[secret.written](head.slice(secret.range.start, secret.range.end));
  if (tenant !== null) values.tenant = tenant;
  const day =
    secret &&
    (await readDay(`${head.slice(0, secret.range.start)}\n${head.slice(secret.range.end)}`));
  if (day) values.secretExpiresOn = day;
  return { values, cut: cut || head.length < text.length };
}

const DAY =
  /\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4})/g;

/** The day beside a secret. Of several only the one that is said to be the end can be meant; the program reads it. */
async function readDay(beside: string): Promise<string | null> {
  const days = [...beside.matchAll(DAY)];
  const ends = days.filter(({ index }) => /(?:expir|end)[^\n]*$/i.test(beside.slice(0, index)));
  const [day, another] = days.length === 1 ? days : ends;
  if (!day || another) return null;
  const { value, choices } = await backend().inspectDay(day[0]);
  return value !== null || choices.length > 0 ? day[0] : null;
}

const written = {
  plain: (raw: string): string => raw,
  json: (raw: string): string => JSON.parse(`"${raw}"`) as string,
  csv: (raw: string): string => raw.replaceAll('""', '"'),
};

/** "Client ID, Client secret and Tenant ID": the labels of the fields that were filled. */
export function filled(pasted: Pasted, labels: Partial<Record<Key, string>>): string {
  const keys: Key[] = ["clientId", "clientSecret", "tenant", "secretExpiresOn"];
  const names = keys.flatMap((key) => (pasted[key] === undefined ? [] : (labels[key] ?? [])));
  return new Intl.ListFormat("en-GB").format(names);
}

/** A secret without the characters within it that nobody sees, or null if it has none. */
export function withoutInvisible(secret: string): string | null {
  const visible = secret.replace(
    /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g,
    "",
  );
  return visible === secret ? null : visible;
}
