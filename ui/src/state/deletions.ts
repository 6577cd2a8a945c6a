// What can be taken back of what is done to a whole connection.
import { asAppError, backend, type ConnectionRow } from "../backend";
import type { Notice } from "../words";
import type { Undoable } from "./undo.svelte";

/** A connection that was deleted a moment ago. */
export function deletion({ id, name }: ConnectionRow): Undoable {
  return {
    id,
    say: `“${name}” was deleted.`,
    label: `Undo deleting “${name}”`,
    undo: () => bringBack(id, name),
  };
}

/** A connection that was given another name a moment ago. */
export function renaming({ id, name }: ConnectionRow, before: string): Undoable {
  const say = `“${before}” is now “${name}”. Change the name in your scripts.`;
  return { id, say, label: `Undo renaming “${before}”`, undo: () => nameBack(id, before) };
}

async function bringBack(id: string, name: string): Promise<Notice> {
  try {
    const row = await backend().undoDelete(id);
    if (row.name === name) return { say: `“${name}” is back.`, tone: "success" };
    const because = "because another connection has that name now.";
    return { say: `“${name}” is back as “${row.name}”, ${because}`, tone: "warning" };
  } catch (thrown) {
    const { code, message } = asAppError(thrown);
    if (code === "notFound")
      return { say: `“${name}” is already deleted and can't be restored.`, tone: "danger" };
    return { say: `“${name}” could not be restored. ${message}`, tone: "danger" };
  }
}

async function nameBack(id: string, before: string): Promise<Notice> {
  try {
    await backend().renameConnection(id, before);
    return { say: `The connection is called “${before}” again.`, tone: "success" };
  } catch (thrown) {
    return {
      say: `The old name could not be restored. ${asAppError(thrown).message}`,
      tone: "danger",
    };
  }
}
