import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { failure } from "../../backend/fake";
import { examples, world } from "../../../test/world";
import { ConnectionsView, FIRST_ROWS } from "../../state/connections.svelte";
import Connections from "./Connections.svelte";

async function shown() {
  const list = new ConnectionsView();
  const props = { list, notice: null, onNoticeRead: vi.fn(), onOpen: vi.fn(), onAdd: vi.fn() };
  render(Connections, { props });
  await list.load();
  return { user: userEvent.setup(), ...props };
}

function names(): string[] {
  const [, ...rows] = within(screen.getByRole("table", { name: "Connections" })).getAllByRole(
    "row",
  );
  return rows.map((row) => within(row).getByRole("button").textContent);
}

it("has the columns that were agreed, in their order", async () => {
  world();
  await shown();
  expect(
    (await screen.findAllByRole("columnheader")).map(({ textContent }) => textContent.trim()),
  ).toEqual(["Name", "Integration", "Method", "Tenant", "Status", "Last tested", "Expires"]);
});

it("says each status in words", async () => {
  world({ connections: examples(6) });
  await shown();
  for (const word of ["Healthy", "Needs attention", "Failing", "Needs sign-in", "Never tested"]) {
    expect((await screen.findAllByText(word)).length).toBeGreaterThan(0);
  }
});

it("shows one Add connection and how to try the demo tenant when there is nothing yet", async () => {
  world({ connections: [] });
  const { user, onAdd } = await shown();
  await user.click(await screen.findByRole("button", { name: "Add connection" }));
  expect(onAdd).toHaveBeenCalledOnce();
  expect(screen.getByText(/^Connect to Microsoft Graph, see at once what is missing/)).toBeTruthy();
  expect(screen.queryByText(/make run/)).toBeNull();
  expect(screen.queryByRole("table")).toBeNull();
});

it("leads to the people and secrets of the demo, and only where there is one", async () => {
  const openDemo = vi.fn(() => Promise.resolve());
  const there = world({ connections: [], customCloud: true }, { openDemo });
  expect((await there.listClouds()).some((cloud) => cloud.onThisComputer)).toBe(true);
  const { user } = await shown();
  await user.click(
    await screen.findByRole("button", { name: "Show its accounts and applications" }),
  );
  expect(openDemo).toHaveBeenCalledWith("demo");
});

it("says what went wrong with the list, and tries again", async () => {
  const backend = world();
  const broken = vi
    .fn(() => backend.listConnections())
    .mockRejectedValueOnce(
      failure("newerStore", "Made by version 9.", "Install the newest version."),
    );
  world({}, { listConnections: broken });
  const { user } = await shown();
  expect((await screen.findByRole("alert")).textContent).toContain("Install the newest version.");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("table", { name: "Connections" })).toBeTruthy();
});

it("narrows to what is searched, says when nothing matches, and clears", async () => {
  world();
  const { user } = await shown();
  const search = await screen.findByRole("searchbox", { name: "Search connections" });
  await user.type(search, "outlook");
  expect(names()).toEqual(["Microsoft Outlook"]);
  await user.type(search, "zzz");
  expect(screen.getByText("No connection matches “outlookzzz”.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear search" }));
  expect(names()).toHaveLength(3);
  expect(document.activeElement).toBe(search);
});

it("sorts by a column and says so to a screen reader", async () => {
  world();
  const { user } = await shown();
  const header = await screen.findByRole("columnheader", { name: "Name" });
  expect(header.getAttribute("aria-sort")).toBe("ascending");
  const ascending = names();
  await user.click(within(header).getByRole("button"));
  expect(header.getAttribute("aria-sort")).toBe("descending");
  expect(names()).toEqual(ascending.toReversed());
  expect(screen.getByRole("columnheader", { name: "Status" }).getAttribute("aria-sort")).toBe(
    "none",
  );
});

it("opens a connection by its name, by anywhere in its row, and by the keyboard", async () => {
  world();
  const { user, onOpen } = await shown();
  await user.click(await screen.findByRole("button", { name: "Microsoft Graph" }));
  await user.click(screen.getByText("northwindtraders.com"));
  screen.getByRole("button", { name: "Microsoft Graph" }).focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(onOpen.mock.calls).toEqual([["018f-0000"], ["018f-0002"], ["018f-0001"]]);
});

it("is one stop for the Tab key, whatever its length", async () => {
  world({ connections: examples(30) });
  const { user } = await shown();
  await screen.findByRole("table");
  const reachable = () => document.querySelectorAll("tbody button[tabindex='0']");
  expect(reachable()).toHaveLength(1);
  (reachable()[0] as HTMLElement).focus();
  await user.keyboard("{End}");
  expect(reachable()).toHaveLength(1);
  expect(reachable()[0]).toBe(document.activeElement);
});

it("draws the first of a thousand connections, says how many there are, and goes to the last by the keyboard", async () => {
  world({ connections: examples(1000) });
  const { user, onOpen } = await shown();
  const table = await screen.findByRole("table", { name: "Connections" });
  expect(table.getAttribute("aria-rowcount")).toBe("1001");
  expect(table.querySelectorAll("tr[aria-rowindex]")).toHaveLength(1 + FIRST_ROWS);
  (table.querySelector("tbody button") as HTMLElement).focus();
  await user.keyboard("{End}");
  await waitFor(() => {
    expect(document.activeElement?.closest("tr")?.getAttribute("aria-rowindex")).toBe("1001");
  });
  await user.keyboard("{Enter}");
  expect(onOpen).toHaveBeenCalledOnce();
});

it("begins at the top again when the order changes", async () => {
  world({ connections: examples(300) });
  const { user, list } = await shown();
  const table = await screen.findByRole("table", { name: "Connections" });
  list.limit = 300;
  const scroller = table.parentElement as HTMLElement;
  scroller.scrollTop = 5000;
  scroller.dispatchEvent(new Event("scroll"));
  expect(list.scroll).toBe(5000);
  await user.click(
    within(screen.getByRole("columnheader", { name: "Status" })).getByRole("button"),
  );
  expect(scroller.scrollTop).toBe(0);
});

it.each([
  [
    1,
    "A deleted connection's secret is still in the keychain. Graph Connect removes it when the keychain responds.",
  ],
  [
    2,
    "The secrets of 2 deleted connections are still in the keychain. Graph Connect removes them when the keychain responds.",
  ],
])(
  "warns while the keychain still holds %d secrets of deleted connections",
  async (removalsPending, said) => {
    world({ removalsPending });
    await shown();
    expect(await screen.findByText(said)).toBeTruthy();
  },
);

it("says for whose consent it waits, beside the status, and finds it by that", async () => {
  const connections = examples(3);
  const [first] = connections;
  if (first) first.row.awaitsConsent = true;
  world({ connections });
  const { user } = await shown();
  const row = screen.getByRole("row", { name: new RegExp(first?.row.name ?? "") });
  expect(row.textContent).toContain("Waiting for consent");
  expect(screen.getAllByText("Waiting for consent")).toHaveLength(1);
  await user.type(screen.getByRole("searchbox"), "waiting consent");
  await waitFor(() => {
    expect(screen.getAllByRole("row")).toHaveLength(2);
  });
});

it("marks a connection of a custom cloud", async () => {
  world({ connections: examples(7).slice(6) });
  await shown();
  const mark = await screen.findByTitle("Custom cloud: Demo tenant");
  expect(mark.textContent).toBe("demo, custom cloud");
});

it("fills a window that is larger than the first rows", async () => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe: () => void;
      constructor(heard: () => void) {
        this.observe = heard;
      }
      disconnect(): void {
        return;
      }
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(3000);
  world({ connections: examples(300) });
  await shown();
  const table = await screen.findByRole("table", { name: "Connections" });
  await waitFor(() => {
    expect(table.querySelectorAll("tr[aria-rowindex]").length).toBeGreaterThan(3000 / 44);
  });
  vi.unstubAllGlobals();
});

const LOCKED = { keychain: failure("keychainLocked", "The keychain is locked.") };

it("keeps every status when the keychain is locked, says why it could not test, and tests after Unlock", async () => {
  world({ connections: examples(3), ...LOCKED });
  const { user } = await shown();
  await screen.findByRole("table");
  const before = screen.getAllByText("Healthy").length;
  await user.click(screen.getByRole("button", { name: "Test all" }));
  expect(await screen.findByText("3 could not be tested: the keychain is locked.")).toBeTruthy();
  expect(screen.getAllByText("Not tested: the keychain is locked")).toHaveLength(3);
  expect(screen.getAllByText("Healthy")).toHaveLength(before);
  await user.click(screen.getByRole("button", { name: "Unlock" }));
  expect(await screen.findByText("3 tested")).toBeTruthy();
  expect(screen.queryByText("Not tested: the keychain is locked")).toBeNull();
  expect(screen.queryByRole("button", { name: "Unlock" })).toBeNull();
});

it("says that the keychain is still locked when its prompt was dismissed", async () => {
  world(
    { connections: examples(3), ...LOCKED },
    { unlockKeychain: () => Promise.resolve("dismissed") },
  );
  const { user } = await shown();
  await user.click(await screen.findByRole("button", { name: "Test all" }));
  await user.click(await screen.findByRole("button", { name: "Unlock" }));
  expect(await screen.findByText("The keychain is still locked.")).toBeTruthy();
});

it("lets times go on by one clock while they are seen", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const connections = examples(1);
  for (const { row } of connections)
    row.lastCheckedAt = new Date(Date.now() - 30_000).toISOString();
  world({ connections });
  await shown();
  expect(await screen.findByText("Just now")).toBeTruthy();
  await vi.advanceTimersByTimeAsync(41_000);
  expect(await screen.findByText("1 min ago")).toBeTruthy();
  vi.useRealTimers();
});

it("sets a damaged file aside after a question, begins anew, and says where the file is", async () => {
  world({
    connections: examples(3),
    listFails: failure("storeDamaged", "The file connections.db is damaged."),
  });
  const { user } = await shown();
  await user.click(await screen.findByRole("button", { name: "Set it aside and begin anew…" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(screen.getByText("The connections file is damaged")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Set it aside and begin anew…" }));
  await user.click(await screen.findByRole("button", { name: "Set it aside" }));
  expect(await screen.findByText(/connections\.db\.damaged-/)).toBeTruthy();
  expect(screen.queryByText("The connections file is damaged")).toBeNull();
  expect(screen.getByRole("button", { name: "Add connection" })).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("keeps the damaged file where it is when it cannot be moved, and says why", async () => {
  const refused = failure("storeUnwritable", "The file connections.db cannot be written.");
  world(
    { listFails: failure("storeDamaged", "The file connections.db is damaged.") },
    { setStoreAside: vi.fn().mockRejectedValue(refused) },
  );
  const { user } = await shown();
  await user.click(await screen.findByRole("button", { name: "Set it aside and begin anew…" }));
  await user.click(await screen.findByRole("button", { name: "Set it aside" }));
  expect(await screen.findByText("Changes cannot be saved")).toBeTruthy();
  expect(screen.getByText("The connections file is damaged")).toBeTruthy();
});

it("says how to set a file aside by hand that Graph Connect has open", async () => {
  const damaged = failure("storeDamaged", "The file connections.db is damaged.");
  world({ listFails: damaged }, { setStoreAside: vi.fn().mockRejectedValue(damaged) });
  const { user } = await shown();
  await user.click(await screen.findByRole("button", { name: "Set it aside and begin anew…" }));
  await user.click(await screen.findByRole("button", { name: "Set it aside" }));
  expect(await screen.findByText(/^Graph Connect has this file open/)).toBeTruthy();
  expect(screen.getAllByText("The connections file is damaged")).toHaveLength(1);
});
