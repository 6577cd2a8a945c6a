import "./theme.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { backend, choose, install } from "./backend";
import { applyTheme } from "./theme";

install(await choose());
void backend()
  .settings()
  .then(({ theme }) => {
    applyTheme(theme);
  })
  // Unreadable settings leave the system's theme; the list says what is wrong with the store.
  .catch(() => undefined);

const target = document.querySelector("#app");
if (target) mount(App, { target });
