// Settings, the keychain and Microsoft's pages, in the pretend world.
import type { Explanation, SettingsView } from "./bindings";
import { clouds } from "./fake-clouds";
import { failure, promised, type Context } from "./fake-context";
import { guidVerdict } from "./fake-verdicts";
import type { Backend } from "./types";

export function fakeSettings(context: Context) {
  const { world } = context;
  let settings: SettingsView = { theme: "system", clientIds: [] };
  return {
    listClouds: () => promised(() => clouds(world.customCloud ?? false, settings)),
    settings: () => promised(() => structuredClone(settings)),
    saveSettings: (next) =>
      promised(() => {
        if (next.clientIds.some(({ clientId }) => guidVerdict(clientId, "a client ID").problem))
          throw failure(
            "invalid",
            "This is not a client ID.",
            "Paste the Application (client) ID.",
          );
        settings = structuredClone(next);
      }),
    explainCode: (code) => promised(() => explained(code)),
    openPortal: () => promised(() => undefined),
    openDemo: () => promised(() => undefined),
    async keychainSelfTest() {
      await context.pauseForKeychain();
      return 'GNOME Keyring, collection "login": an item was written, read and removed again.';
    },
    async unlockKeychain() {
      await context.pause();
      if (world.keychain?.code !== "keychainLocked") return "nothingToUnlock" as const;
      world.keychain = null;
      return "unlocked" as const;
    },
    about: () =>
      promised(() => ({
        version: "0.1.0",
        tauri: "2.12.5",
        webview: "a browser",
        dataFolder: "/home/alex/.local/share/dev.graphconnect.desktop",
      })),
  } satisfies Partial<Backend>;
}

function explained(code: string): Explanation {
  if (code.includes("50011")) {
    return {
      title: "The redirect address is not registered.",
      next: "Add http://localhost under Authentication > Mobile and desktop applications.",
      actor: "applicationAdministrator",
      retry: "afterTheFix",
      page: "authentication",
    };
  }
  if (code.includes("90094")) {
    return {
      title: "An administrator has to consent.",
      next: "Send the consent link to an administrator.",
      actor: "privilegedRoleAdministrator",
      retry: "afterTheFix",
      page: "adminConsentRequests",
    };
  }
  const next = "Look the number up at login.microsoftonline.com/error.";
  return { title: `Microsoft's error ${code}.`, next, actor: "you", retry: "now", page: null };
}
