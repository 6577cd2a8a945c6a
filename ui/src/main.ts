import "./theme.css";
import "./elements.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { backend, choose, install } from "./backend";
import { ConnectionsView } from "./state/connections.svelte";
import { applyTheme } from "./theme";

/** Milliseconds that the first painting waits for the list, so that both come at once when the list is quick. */
const FIRST_PAINT_WAIT = 60;

install(await choose());
const list = new ConnectionsView();
const loading = list.load();
void backend()
  .settings()
  .then(({ theme }) => {
    applyTheme(theme);
  })
  // Unreadable settings leave the system's theme; the list says what is wrong with the store.
  .catch(() => undefined);

await Promise.race([loading, new Promise((resolve) => setTimeout(resolve, FIRST_PAINT_WAIT))]);
const target = document.querySelector("#app");
if (target) mount(App, { target, props: { list, loading } });
