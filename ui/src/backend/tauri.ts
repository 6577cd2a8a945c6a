// The backend inside the app: the generated commands, with the channels that progress comes over.
import { Channel } from "@tauri-apps/api/core";

import { commands } from "./bindings";
import type { Backend } from "./types";

export const tauri: Backend = {
  ...commands,
  testAppRegistration: (check, form, onFinding) =>
    commands.testAppRegistration(check, form, new Channel(onFinding)),
  checkConnection: (check, id, onFinding) =>
    commands.checkConnection(check, id, new Channel(onFinding)),
  replaceSecret: (check, id, form, onFinding) =>
    commands.replaceSecret(check, id, form, new Channel(onFinding)),
  beginSignIn: (signIn, form, mode, waitForConsent, onEvent) =>
    commands.beginSignIn(signIn, form, mode, waitForConsent, new Channel(onEvent)),
  beginSignInAgain: (signIn, id, mode, onEvent) =>
    commands.beginSignInAgain(signIn, id, mode, new Channel(onEvent)),
  beginAdminConsent: (signIn, id, onEvent) =>
    commands.beginAdminConsent(signIn, id, new Channel(onEvent)),
  testAll: (run, ids, onEvent) => commands.testAll(run, ids, new Channel(onEvent)),
  subscribe: (onChange) => commands.subscribe(new Channel(onChange)),
};
