import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { example } from "./backend/fake";
import type { Change } from "./backend";
import { examples, world } from "../test/world";
import App from "./App.svelte";
import { ConnectionsView } from "./state/connections.svelte";

async function started() {
  const backend = world();
  const asked = Object.entries(backend).map(
    ([name, command]) => [name, vi.fn(command as () => unknown)] as const,
  );
  world({}, Object.fromEntries(asked));
  const list = new ConnectionsView();
  render(App, { props: { list, loading: list.load() } });
  await screen.findByRole("table", { name: "Connections" });
  return { user: userEvent.setup(), asked: new Map(asked) };
}

it("paints the list with one question to the backend", async () => {
  const { asked } = await started();
  const used = [...asked]
    .filter(([, command]) => command.mock.calls.length > 0)
    .map(([name]) => name);
  expect(used).toEqual(["listConnections"]);
});

it("moves the focus to the heading of the screen it shows", async () => {
  const { user } = await started();
  await user.click(screen.getByRole("button", { name: "Settings" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(
      screen.getByRole("heading", { level: 1, name: "Settings" }),
    );
  });
  await user.click(screen.getByRole("button", { name: "Connections" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(
      screen.getByRole("heading", { level: 1, name: "Connections" }),
    );
  });
});

it("remembers the search when a person comes back to the list", async () => {
  const { user } = await started();
  await user.type(screen.getByRole("searchbox", { name: "Search connections" }), "outlook");
  await user.click(screen.getByRole("button", { name: "Microsoft Outlook" }));
  await user.click(await screen.findByRole("button", { name: "Back" }));
  const search = await screen.findByRole<HTMLInputElement>("searchbox", {
    name: "Search connections",
  });
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
] as const)(
  "says what has happened to a connection that is %s now in a banner that looks like %s",
  async (status, tone) => {
    let tell: (change: Change) => void = () => undefined;
    world({ onSubscribe: (heard) => (tell = heard) });
    const list = new ConnectionsView();
    render(App, { props: { list, loading: list.load() } });
    await screen.findByRole("table", { name: "Connections" });
    await waitFor(() => {
      tell({ kind: "connection", row: { ...example(0).row, status }, say: "It has ended." });
      expect(screen.getByText("It has ended.").closest(".banner")?.classList.contains(tone)).toBe(
        true,
      );
    });
  },
);

async function followed(connections = examples(3)) {
  let tell: (change: Change) => void = () => undefined;
  world({ connections, onSubscribe: (heard) => (tell = heard) });
  const list = new ConnectionsView();
  render(App, { props: { list, loading: list.load() } });
  await screen.findByRole("table", { name: "Connections" });
  // The window listens once the list is painted.
  await waitFor(() => {
    expect(tell.name).not.toBe("tell");
  });
  return {
    user: userEvent.setup(),
    connections,
    list,
    elsewhere: () => {
      tell({ kind: "elsewhere" });
    },
    tell: (change: Change) => {
      tell(change);
    },
  };
}

it("shows in the list what another program has added, tested and removed", async () => {
  const { connections, elsewhere } = await followed();
  connections.push(example(8));
  elsewhere();
  expect(await screen.findByRole("button", { name: example(8).row.name })).toBeTruthy();
  connections.splice(0, 1);
  const [first] = connections;
  if (first) first.row = { ...first.row, status: "failing" };
  elsewhere();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: example(0).row.name })).toBeNull();
  });
  expect(screen.getByText("Failing")).toBeTruthy();
});

it("says when the secret of a deleted connection did not simply go, and counts anew what waits", async () => {
  const { list, tell } = await followed();
  const load = vi.spyOn(list, "load");
  tell({ kind: "deleted", say: "“Contoso” is removed, but not its secret." });
  const said = await screen.findByText("“Contoso” is removed, but not its secret.");
  expect(said.closest(".banner")?.classList.contains("warning")).toBe(true);
  expect(load).toHaveBeenCalledOnce();
});

it("draws nothing anew when nothing of what it shows has changed", async () => {
  const { list, elsewhere } = await followed();
  const before = list.all;
  elsewhere();
  await list.load();
  expect(list.all).toBe(before);
});

it("shows on the open page what another program has changed, and says when it was deleted", async () => {
  const { user, connections, elsewhere } = await followed();
  const { name } = example(0).row;
  await user.click(screen.getByRole("button", { name }));
  await screen.findByRole("heading", { level: 1, name });
  const [open] = connections;
  if (open) open.description = "Changed in a terminal";
  elsewhere();
  expect(await screen.findByText("Changed in a terminal")).toBeTruthy();
  connections.splice(0, 1);
  elsewhere();
  expect(await screen.findByText(`Another program deleted “${name}”.`)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Test Connection" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Back to the list" }));
  expect(await screen.findByRole("table", { name: "Connections" })).toBeTruthy();
});

it("lets go of a search that would hide the connection that was just created, and of the message after a while", async () => {
  const { list, connections } = await followed();
  list.query = "outlook";
  list.reveal({ ...example(0).row, name: "Payroll" });
  expect(list.query).toBe("");
  list.query = "payroll";
  list.reveal({ ...example(0).row, name: "Payroll" });
  expect(list.query, "a search that shows it stays").toBe("payroll");
  expect(connections).toHaveLength(3);
});

it.each([
  ["full", "was created."],
  ["fine", "was created. It needs attention."],
])("says of a new connection whose test was %s that it %s", async (kind, said) => {
  const { user } = await started();
  await user.click(screen.getByRole("button", { name: "Add connection" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New Connection" }));
  await user.click(await dialog.findByRole("button", { name: /^Microsoft Teams/ }));
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  await user.type(screen.getByLabelText("Client ID"), "4ea17401-95ae-4d70-8d3f-7c0e0d1f2a3b");
  await user.type(
    screen.getByLabelText("Client secret"),
    `${kind}8Q~is.a-secret_of_forty_characters000`,
  );
  await user.type(screen.getByLabelText("Tenant ID"), "contoso.com");
  await user.click(screen.getByRole("button", { name: "Test Connection" }));
  await screen.findByRole("region", { name: "Check report" });
  await user.click(screen.getByRole("button", { name: "Create connection" }));
  expect(
    await screen.findByText(new RegExp(`^“Microsoft Teams.*” ${said.replaceAll(".", "\\.")}$`)),
  ).toBeTruthy();
});

async function deletedFirst() {
  const shown = await started();
  await shown.user.click(screen.getByRole("button", { name: example(0).row.name }));
  await shown.user.click(await screen.findByRole("button", { name: "Delete" }));
  await shown.user.click(
    within(screen.getByRole("alertdialog")).getByRole("button", { name: "Delete" }),
  );
  await screen.findByText(`“${example(0).row.name}” was deleted.`);
  return {
    ...shown,
    undo: () => screen.getByRole("button", { name: `Undo deleting “${example(0).row.name}”` }),
  };
}

it("takes a deleted connection out of the list at once, with a way back that takes no focus", async () => {
  const { user, undo } = await deletedFirst();
  expect(screen.queryByRole("button", { name: example(0).row.name })).toBeNull();
  expect(undo()).not.toBe(document.activeElement);
  expect(screen.getByRole("timer").textContent).toMatch(/^(10|9) s$/);
  await user.click(screen.getByRole("button", { name: "Settings" }));
  undo().focus();
  await user.keyboard("{Enter}");
  await user.click(screen.getByRole("button", { name: "Connections" }));
  expect(await screen.findByRole("button", { name: example(0).row.name })).toBeTruthy();
});

it("brings the last deleted connection back with Ctrl+Z, and says when its name was taken", async () => {
  const { user, asked } = await deletedFirst();
  asked.get("undoDelete")?.mockResolvedValueOnce({ ...example(0).row, name: "Other name" });
  await user.keyboard("{Control>}z{/Control}");
  expect(
    await screen.findByText(
      /is back as “Other name”, because another connection has that name now\./,
    ),
  ).toBeTruthy();
  expect(screen.queryByText(/was deleted\.$/)).toBeNull();
});

it("says so when it is too late to undo", async () => {
  const { user, asked, undo } = await deletedFirst();
  asked
    .get("undoDelete")
    ?.mockRejectedValueOnce({ code: "notFound", message: "This connection no longer exists." });
  await user.click(undo());
  expect(
    await screen.findByText(`“${example(0).row.name}” is already deleted and can't be restored.`),
  ).toBeTruthy();
});

it("gives a connection another name, and takes that back", async () => {
  const { user } = await started();
  await user.click(screen.getByRole("button", { name: example(0).row.name }));
  await user.click(await screen.findByRole("button", { name: "Duplicate" }));
  await user.click(screen.getByRole("button", { name: "Use another name" }));
  await user.keyboard("Contoso 2027{Enter}");
  await screen.findByText(
    `“${example(0).row.name}” is now “Contoso 2027”. Change the name in your scripts.`,
  );
  await user.click(screen.getByRole("button", { name: `Undo renaming “${example(0).row.name}”` }));
  expect(await screen.findByRole("heading", { level: 1, name: example(0).row.name })).toBeTruthy();
});
