// The window's one door to the rest of the program. Screens import from here and from nowhere else in this folder.
import type { AppError } from "./bindings";
import { tauri } from "./tauri";
import type { Backend } from "./types";

export { expiresSoonDays, labels, sealedSecret } from "./bindings";
export type * from "./bindings";
export type * from "./types";

let installed: Backend | null = null;

/** The backend that {@link install} was given. */
export function backend(): Backend {
  if (!installed) throw new Error("no backend is installed");
  return installed;
}

export function install(chosen: Backend): void {
  installed = chosen;
}

/** Tauri inside the app. A browser gets the pretend backend, which production builds leave out. */
export async function choose(): Promise<Backend> {
  if (import.meta.env.MODE !== "production" && !("__TAURI_INTERNALS__" in window)) {
    const { fakeFromAddress } = await import("./fake");
    return fakeFromAddress(new URLSearchParams(window.location.search));
  }
  return tauri;
}

/** Whatever was thrown, as the error the window can explain. Anything but an `AppError` is a fault of this program. */
export function asAppError(thrown: unknown): AppError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as AppError;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message,
    next: null,
    actor: null,
    retry: null,
    page: null,
    detail: null,
  };
}
