// What is not needed to paint the list: one file of its own in the built window.
export { default as Connection } from "./screens/Connection/Connection.svelte";
export { default as NewConnection } from "./screens/NewConnection/NewConnection.svelte";
export { default as Settings } from "./screens/Settings/Settings.svelte";
