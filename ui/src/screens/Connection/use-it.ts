// Ready lines with which scripts use a connection without its secret. The lines themselves stand in use-it.json, where the
// tests of the command line read them too, and run them.
import type { ConnectionDetail, ConnectionRow } from "../../backend";
import lines from "./use-it.json";

export interface Recipe {
  /** Where the line is typed. */
  shell: string;
  line: string;
  note: string;
  /** A program to begin with, which the line runs. */
  code?: string | undefined;
}

/** The lines for a connection, quoted for their shells so that any name is only a name. */
export function recipes({
  row,
  graph,
  powershellEnvironment: environment,
}: ConnectionDetail): Recipe[] {
  const base = graph ?? "https://graph.microsoft.com";
  const values: Record<string, string> = {
    "{graph}": base,
    "{environment}": environment ? ` -Environment ${environment}` : "",
  };
  return lines.map(({ shell, quote, line, note, code }) => {
    const name = quoted(row, quote);
    // In one pass, so that a name that looks like another placeholder stays a name.
    const fill = (text: string): string =>
      text.replaceAll(
        /\{(?:name|graph|environment)\}/g,
        (placeholder) => values[placeholder] ?? name,
      );
    return { shell, note, line: fill(line), code: code === undefined ? undefined : fill(code) };
  });
}

/** The line that reads a path of Graph through a connection. */
export function getLine(row: ConnectionRow, path: string, beta: boolean): string {
  return `graph-connect get ${posix(named(row))} ${posix(path)}${beta ? " --beta" : ""}`;
}

/** What names the connection, as one word of that shell. */
function quoted(row: ConnectionRow, quote: string): string {
  switch (quote) {
    case "powershell":
      return powershell(named(row));
    // It passes a double quote and a backslash before one on as something else.
    case "windowsPowershell":
      return powershell(/["\\]/.test(row.name) ? row.id : named(row));
    // Within double quotes it fills in variables all the same, and nothing escapes them where a person types.
    case "cmd":
      return `"${/["\\%!]/.test(row.name) ? row.id : named(row)}"`;
    default:
      return posix(named(row));
  }
}

/** What the command line is told a connection by: a name that begins as an option does would be taken for one. */
function named({ id, name }: ConnectionRow): string {
  return name.startsWith("-") ? id : name;
}

/** A text as one word of a POSIX shell. */
function posix(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same in PowerShell, where typographic quotes end a quoted text too. */
function powershell(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, "$&$&")}'`;
}
