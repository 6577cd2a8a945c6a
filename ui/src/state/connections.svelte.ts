import { asAppError, backend, type AppError, type ConnectionRow, type Status } from "../backend";
import { once } from "../once";
import { AWAITS_CONSENT, INTEGRATION, METHOD, STATUS } from "../words";
import { Latest } from "./latest";
import { TestAll } from "./test-all.svelte";

export type Column =
  "name" | "integration" | "method" | "tenant" | "status" | "lastCheckedAt" | "expiresOn";

/** Rows in the first painting: more than fit into the window. */
export const FIRST_ROWS = 20;

/** The list of connections with what the person searched, sorted and scrolled to, kept while other screens show. */
export class ConnectionsView {
  all = $state.raw<ConnectionRow[]>([]);
  removalsPending = $state(0);
  loaded = $state(false);
  error = $state.raw<AppError | null>(null);
  query = $state("");
  sort = $state.raw<{ by: Column; descending: boolean }>({ by: "name", descending: false });
  /** How many rows are drawn; the table raises it as a person scrolls. */
  limit = $state(FIRST_ROWS);
  scroll = 0;
  /** How often the list has begun at its top again. */
  restarts = $state(0);
  readonly test = new TestAll();
  readonly #latest = new Latest();

  /** Those that match the search, in the order asked for. */
  rows = $derived(sorted(matching(this.all, this.query), this.sort.by, this.sort.descending));

  async load(): Promise<void> {
    const number = this.#latest.begin();
    try {
      const list = await backend().listConnections();
      if (!this.#latest.is(number)) return;
      this.all = kept(this.all, list.connections);
      this.removalsPending = list.removalsPending;
      this.error = null;
    } catch (thrown) {
      if (this.#latest.is(number)) this.error = asAppError(thrown);
    }
    this.loaded = true;
  }

  /** Puts a row in the place of the one with the same ID. */
  update(row: ConnectionRow): void {
    this.all = this.all.map((other) => (other.id === row.id ? row : other));
  }

  /** Takes a row out, before the list is read again. */
  remove(id: string): void {
    this.all = this.all.filter((row) => row.id !== id);
  }

  /** Tests every connection, or those that the search leaves. */
  async testAll(): Promise<void> {
    await this.#test(this.rows);
  }

  /** Tests those that could not be tested the last time. */
  async testUntested(): Promise<void> {
    await this.#test(this.all.filter(({ notTested }) => notTested !== null));
  }

  async #test(rows: ConnectionRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.test.run(rows, rows.length === this.all.length, (row) => {
      this.update(row);
    });
  }

  /** Lets go of a search that would hide this connection. */
  reveal(row: ConnectionRow): void {
    if (matching([row], this.query).length > 0) return;
    this.query = "";
    this.startOver();
  }

  /** Sorts by a column; the same one again reverses the order. */
  sortBy(by: Column): void {
    this.sort = { by, descending: this.sort.by === by && !this.sort.descending };
    this.startOver();
  }

  /** Other rows or another order: what was scrolled to means nothing any more. */
  startOver(): void {
    this.limit = FIRST_ROWS;
    this.scroll = 0;
    this.restarts += 1;
  }
}

/** The new list, in which what has not changed is what it was: nothing is drawn anew for it. */
function kept(before: ConnectionRow[], now: ConnectionRow[]): ConnectionRow[] {
  const known = new Map(before.map((row) => [row.id, row]));
  const rows = now.map((row) => {
    const old = known.get(row.id);
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
  return rows.length === before.length && rows.every((row, index) => row === before[index])
    ? before
    : rows;
}

const collator = once(() => new Intl.Collator("en", { numeric: true, sensitivity: "base" }));
const SEVERITY: Status[] = ["failing", "needsSignIn", "needsAttention", "neverTested", "healthy"];

/** Every word of the query has to be somewhere in what the row shows, or in its tags. */
export function matching(rows: ConnectionRow[], query: string): ConnectionRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = [
      row.name,
      INTEGRATION[row.integration],
      METHOD[row.method],
      row.tenantName ?? "",
      row.tenant,
      STATUS[row.status].word,
    ]
      .concat(
        row.tags,
        row.cloud,
        row.notTested ? `not tested ${row.notTested.because}` : [],
        row.awaitsConsent ? AWAITS_CONSENT : [],
      )
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Rows without a date come last, in either order; equal rows are in the order of their names. */
export function sorted(rows: ConnectionRow[], by: Column, descending: boolean): ConnectionRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => compare(a, b, by, sign) || collator().compare(a.name, b.name));
}

function compare(a: ConnectionRow, b: ConnectionRow, by: Column, sign: number): number {
  switch (by) {
    case "name":
      return sign * collator().compare(a.name, b.name);
    case "tenant":
      return sign * collator().compare(a.tenantName ?? a.tenant, b.tenantName ?? b.tenant);
    case "integration":
      return sign * collator().compare(INTEGRATION[a.integration], INTEGRATION[b.integration]);
    case "method":
      return sign * collator().compare(METHOD[a.method], METHOD[b.method]);
    case "status":
      return sign * (SEVERITY.indexOf(a.status) - SEVERITY.indexOf(b.status));
    case "lastCheckedAt":
      return dates(a.lastCheckedAt, b.lastCheckedAt, sign);
    case "expiresOn":
      return dates(a.expiresAt ?? a.expiresOn, b.expiresAt ?? b.expiresOn, sign);
  }
}

function dates(a: string | null, b: string | null, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
