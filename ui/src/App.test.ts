import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { example } from "./backend/fake";
import type { Change } from "./backend";
import { world } from "../test/world";
import App from "./App.svelte";
import { ConnectionsView } from "./state/connections.svelte";

async function started() {
  const backend = world();
  const asked = Object.entries(backend).map(([name, answer]) => [name, vi.fn(answer as () => unknown)] as const);
  world({}, Object.fromEntries(asked));
  const list = new ConnectionsView();
  render(App, { props: { list, loading: list.load() } });
  await screen.findByRole("table", { name: "Connections" });
  return { user: userEvent.setup(), asked: new Map(asked) };
}

it("paints the list with one question to the backend", async () => {
  const { asked } = await started();
  const used = [...asked].filter(([, answer]) => answer.mock.calls.length > 0).map(([name]) => name);
  expect(used).toEqual(["listConnections"]);
});

it("moves the focus to the heading of the screen it shows", async () => {
  const { user } = await started();
  await user.click(screen.getByRole("button", { name: "Settings" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1, name: "Settings" }));
  });
  await user.click(screen.getByRole("button", { name: "Connections" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1, name: "Connections" }));
  });
});

it("remembers the search when a person comes back to the list", async () => {
  const { user } = await started();
  await user.type(screen.getByRole("searchbox", { name: "Search connections" }), "outlook");
  await user.click(screen.getByRole("button", { name: "Microsoft Outlook" }));
  await user.click(await screen.findByRole("button", { name: "Back" }));
  const search = await screen.findByRole<HTMLInputElement>("searchbox", { name: "Search connections" });
  expect(search.value).toBe("outlook");
  expect(screen.getAllByRole("row")).toHaveLength(2);
});

it("gives the focus back to Add connection when the dialog is cancelled", async () => {
  const { user } = await started();
  await user.click(screen.getByRole("button", { name: "Add connection" }));
  expect(await screen.findByRole("dialog", { name: "New Connection" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add connection" }));
  });
});

it.each([
  ["healthy", "success"],
  ["needsAttention", "warning"],
] as const)("says what has happened to a connection that is %s now in a banner that looks like %s", async (status, tone) => {
  let tell: (change: Change) => void = () => undefined;
  world({ onSubscribe: (heard) => (tell = heard) });
  const list = new ConnectionsView();
  render(App, { props: { list, loading: list.load() } });
  await screen.findByRole("table", { name: "Connections" });
  await waitFor(() => {
    tell({ kind: "connection", row: { ...example(0).row, status }, say: "It has ended." });
    expect(screen.getByText("It has ended.").closest(".banner")?.classList.contains(tone)).toBe(true);
  });
});
