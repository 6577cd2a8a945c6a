import type { Theme } from "./backend";

/** Light or dark by choice, or as the system is. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
