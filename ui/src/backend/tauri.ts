// The backend inside the app: one line a command. The names and arguments are those of the Rust functions.
import { Channel, invoke } from "@tauri-apps/api/core";

import type { Backend } from "./index";

export const tauri: Backend = {
  listConnections: () => invoke("list_connections"),
  connectionDetail: (id) => invoke("connection_detail", { id }),
  listIntegrations: () => invoke("list_integrations"),
  listClouds: () => invoke("list_clouds"),
  suggestName: (integration) => invoke("suggest_name", { integration }),

  inspectAppRegistration: (form) => invoke("inspect_app_registration", { form }),
  inspectSignIn: (form) => invoke("inspect_sign_in", { form }),
  resolveTenant: (cloud, tenant) => invoke("resolve_tenant", { cloud, tenant }),

  testAppRegistration: (check, form, onFinding) =>
    invoke("test_app_registration", { check, form, onFinding: new Channel(onFinding) }),
  createAppRegistration: (form, report) => invoke("create_app_registration", { form, report }),
  checkConnection: (check, id, onFinding) =>
    invoke("check_connection", { check, id, onFinding: new Channel(onFinding) }),
  cancelCheck: (check) => invoke("cancel_check", { check }),

  beginSignIn: (signIn, form, mode, onEvent) =>
    invoke("begin_sign_in", { signIn, form, mode, onEvent: new Channel(onEvent) }),
  beginSignInAgain: (signIn, id, mode, onEvent) =>
    invoke("begin_sign_in_again", { signIn, id, mode, onEvent: new Channel(onEvent) }),
  openAgain: (signIn) => invoke("open_again", { signIn }),
  newSignInLink: (signIn) => invoke("new_sign_in_link", { signIn }),
  confirmAccount: (signIn, yes) => invoke("confirm_account", { signIn, yes }),
  cancelSignIn: (signIn) => invoke("cancel_sign_in", { signIn }),

  replaceSecret: (id, clientSecret, secretExpiresOn, secretIdIsRight) =>
    invoke("replace_secret", { id, clientSecret, secretExpiresOn, secretIdIsRight }),
  updateConnection: (id, description, tags, secretExpiresOn) =>
    invoke("update_connection", { id, description, tags, secretExpiresOn }),
  deleteConnection: (id) => invoke("delete_connection", { id }),

  settings: () => invoke("settings"),
  saveSettings: (settings) => invoke("save_settings", { settings }),
  explainCode: (code) => invoke("explain_code", { code }),
  openPortal: (cloud, page, clientId) => invoke("open_portal", { cloud, page, clientId }),
  keychainSelfTest: () => invoke("keychain_self_test"),
  about: () => invoke("about"),
};
