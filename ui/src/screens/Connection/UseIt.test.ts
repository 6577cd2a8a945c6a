import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import type { Backend, ConnectionDetail } from "../../backend";
import { example, failure, type FakeWorld } from "../../backend/fake";
import { world } from "../../../test/world";
import UseIt from "./UseIt.svelte";

const OFF = { ...example(0), scriptsMayUse: false, uses: [] };
const writeText = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  writeText.mockReset();
  writeText.mockResolvedValue();
});

function shown(
  detail: ConnectionDetail,
  settings: Partial<FakeWorld> = {},
  change: Partial<Backend> = {},
): UserEvent {
  world(settings, change);
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(writeText);
  render(UseIt, { detail, onChange: () => Promise.resolve() });
  return user;
}

it("switches scripts on and off", async () => {
  const letScriptsUse = vi.fn(() => Promise.resolve());
  world({}, { letScriptsUse });
  const onChange = vi.fn(() => Promise.resolve());
  const detail = { ...example(1), scriptsMayUse: false, uses: [] };
  render(UseIt, { detail, onChange });
  const box = screen.getByRole<HTMLInputElement>("checkbox", {
    name: "Scripts may use this connection",
  });
  expect(box.checked).toBe(false);
  expect(screen.getByText(/They act as/)).toBeTruthy();
  expect(screen.getByText("No script has used it yet.")).toBeTruthy();
  await fireEvent.click(box);
  expect(letScriptsUse).toHaveBeenCalledWith(detail.row.id, true);
  expect(onChange).toHaveBeenCalledOnce();
});

it("asks at the first copy while the switch is off, and copies nothing when told not to", async () => {
  const letScriptsUse = vi.fn(() => Promise.resolve());
  const user = shown(OFF, {}, { letScriptsUse });
  const copy = screen.getByRole("button", { name: "Copy bash line" });
  await user.click(copy);
  const question = screen.getByRole("alertdialog", {
    name: `Allow scripts to use “${OFF.row.name}”?`,
  });
  expect(document.activeElement).toBe(within(question).getByRole("button", { name: "Cancel" }));
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
  expect(document.activeElement).toBe(copy);
  expect(writeText).not.toHaveBeenCalled();
  expect(letScriptsUse).not.toHaveBeenCalled();
});

it("allows scripts and copies with one click when told to", async () => {
  const letScriptsUse = vi.fn(() => Promise.resolve());
  const user = shown(OFF, {}, { letScriptsUse });
  const copy = screen.getByRole("button", { name: "Copy bash line" });
  await user.click(copy);
  await user.click(screen.getByRole("button", { name: "Allow scripts and copy" }));
  await waitFor(() => {
    expect(writeText).toHaveBeenCalledWith(`graph-connect exec '${OFF.row.name}' -- ./report.sh`);
  });
  expect(letScriptsUse).toHaveBeenCalledWith(OFF.row.id, true);
  expect(document.activeElement).toBe(copy);
});

it("copies at once when scripts may use it", async () => {
  const user = shown({ ...OFF, scriptsMayUse: true });
  await user.click(screen.getByRole("button", { name: "Copy curl line" }));
  expect(writeText).toHaveBeenCalledOnce();
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

it("says who got a token, also after the switch was turned off, and shows older ones when asked", async () => {
  const user = shown({ ...example(0), scriptsMayUse: false });
  const table = screen.getByRole("table", { name: "Used by" });
  expect(table.textContent).toContain("pwsh");
  expect(table.textContent).toContain("all granted permissions");
  expect(within(table).getAllByRole("row")).toHaveLength(3);
  await user.click(screen.getByRole("button", { name: "Show all" }));
  expect(await within(table).findAllByText("report.py")).toHaveLength(40);
  expect(screen.queryByRole("button", { name: "Show all" })).toBeNull();
});

it("offers to put the command line on the PATH only where no terminal finds it, and to take it off again", async () => {
  const user = shown(OFF, { onPath: false });
  await user.click(await screen.findByRole("button", { name: "Put graph-connect on your PATH" }));
  expect(await screen.findByText(/is linked as/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy PATH line" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Remove the link" }));
  expect(
    await screen.findByRole("button", { name: "Put graph-connect on your PATH" }),
  ).toBeTruthy();
});

it("says nothing of the PATH where a terminal finds the command line", async () => {
  const commandLine = vi.fn(() => Promise.resolve(found));
  const found = {
    program: null,
    found: true,
    link: null,
    folder: "",
    folderOnPath: false,
    linkable: true,
    pathLine: "",
    environment: null,
  };
  shown(OFF, {}, { commandLine });
  await waitFor(() => {
    expect(commandLine).toHaveBeenCalled();
  });
  expect(screen.queryByText(/on your PATH/)).toBeNull();
});

it("gives the line for a new terminal in the demo, and then says nothing of the PATH", async () => {
  const environment = ". '/home/a b/graph-connect/target/demo/env'";
  const there = {
    program: "/x/graph-connect",
    found: false,
    link: null,
    folder: "",
    folderOnPath: false,
    linkable: true,
    pathLine: "",
  };
  const user = shown(
    { ...OFF, scriptsMayUse: true },
    {},
    { commandLine: () => Promise.resolve({ ...there, environment }) },
  );
  expect(await screen.findByText(environment)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Copy demo line" }));
  expect(writeText).toHaveBeenCalledWith(environment);
  expect(screen.queryByText(/on your PATH/)).toBeNull();
});

it("lets scripts have the secret only under Advanced, only when they may use it, and never where there is none", async () => {
  const letScriptsHaveSecret = vi.fn(() => Promise.resolve());
  const user = shown({ ...OFF, scriptsMayUse: true }, {}, { letScriptsHaveSecret });
  await user.click(screen.getByText("Advanced"));
  expect(screen.getByText(/can keep it and use it anywhere/)).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: /client secret itself/ }));
  expect(letScriptsHaveSecret).toHaveBeenCalledWith(OFF.row.id, true);
});

it("leads from the secret to the switch that comes first, and changes nothing", async () => {
  const letScriptsHaveSecret = vi.fn(() => Promise.resolve());
  const user = shown(OFF, {}, { letScriptsHaveSecret });
  await user.click(screen.getByText("Advanced"));
  const box = screen.getByRole<HTMLInputElement>("checkbox", { name: /client secret itself/ });
  expect(screen.queryByText("First let scripts use this connection.")).toBeNull();
  await user.click(box);
  expect(screen.getByText("First let scripts use this connection.")).toBeTruthy();
  expect(document.activeElement).toBe(
    screen.getByRole("checkbox", { name: "Scripts may use this connection" }),
  );
  expect([box.checked, box.disabled]).toEqual([false, false]);
  expect(letScriptsHaveSecret).not.toHaveBeenCalled();
});

it("keeps a press on the switch that comes while another one is carried out: the last one counts", async () => {
  const ends: (() => void)[] = [];
  const letScriptsUse = vi.fn<Backend["letScriptsUse"]>(
    () => new Promise((resolve) => ends.push(() => resolve(null))),
  );
  const user = shown(OFF, {}, { letScriptsUse });
  const box = screen.getByRole<HTMLInputElement>("checkbox", {
    name: "Scripts may use this connection",
  });
  await user.click(box);
  await user.click(box);
  expect(letScriptsUse).toHaveBeenCalledOnce();
  ends[0]?.();
  await waitFor(() => {
    expect(letScriptsUse.mock.calls.map(([, yes]) => yes)).toEqual([true, false]);
  });
});

it("stands as before when it could not be switched, and says why", async () => {
  const letScriptsUse = vi
    .fn<Backend["letScriptsUse"]>()
    .mockRejectedValue(failure("store", "The store is busy."));
  const user = shown(OFF, {}, { letScriptsUse });
  const box = screen.getByRole<HTMLInputElement>("checkbox", {
    name: "Scripts may use this connection",
  });
  await user.click(box);
  expect((await screen.findByRole("alert")).textContent).toContain("The store is busy.");
  await waitFor(() => {
    expect(box.checked).toBe(false);
  });
});

it("has no secret to offer where a person signed in", () => {
  shown({ ...example(1), scriptsMayUse: true });
  expect(screen.queryByRole("checkbox", { name: /client secret itself/ })).toBeNull();
});
