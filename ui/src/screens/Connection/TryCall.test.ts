import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { example, type FakeWorld } from "../../backend/fake";
import { world } from "../../../test/world";
import TryCall from "./TryCall.svelte";

const DETAIL = example(0);

function shown(
  settings: Partial<FakeWorld> = {},
  change: Partial<Backend> = {},
  ask = () => Promise.resolve(true),
): UserEvent {
  world(settings, change);
  render(TryCall, { detail: DETAIL, ask });
  return userEvent.setup();
}

it("runs on Enter and shows status, time, request ID and the answer as text, indented", async () => {
  const user = shown();
  await user.type(screen.getByLabelText("Path"), "/organization{Enter}");
  const answer = await screen.findByRole("region", { name: "Answer" });
  expect(answer.textContent).toContain('      "displayName": "<b>Contoso</b>"');
  expect(answer.querySelector("b")).toBeNull();
  expect(screen.getByText("HTTP 200")).toBeTruthy();
  expect(screen.getByText("84 ms")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy request ID" })).toBeTruthy();
});

it("runs a suggestion with one click", async () => {
  const user = shown();
  for (const path of DETAIL.paths) expect(screen.getByRole("button", { name: path })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "/organization" }));
  expect(await screen.findByText("HTTP 200")).toBeTruthy();
});

it("says what Graph refused with, and which permission may be missing", async () => {
  const user = shown();
  await user.type(screen.getByLabelText("Path"), "/users{Enter}");
  expect(await screen.findByText("Authorization_RequestDenied")).toBeTruthy();
  expect(screen.getByText("User.Read.All, Directory.Read.All")).toBeTruthy();
  expect(screen.getByText("HTTP 403")).toBeTruthy();
});

it("can be cancelled while it runs", async () => {
  const user = shown({ pace: 50 });
  await user.type(screen.getByLabelText("Path"), "/organization{Enter}");
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("Canceled")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Answer" })).toBeNull();
  expect(screen.getByRole("button", { name: "Call" })).toBeTruthy();
});

it("says so when only the beginning is shown", async () => {
  const user = shown();
  await user.type(screen.getByLabelText("Path"), "/long{Enter}");
  expect(await screen.findByText(/Only the first 256\s+KiB of 2930\s+KiB are shown/)).toBeTruthy();
});

it("gives the command for the same call, after asking", async () => {
  const ask = vi.fn(() => Promise.resolve(false));
  const user = shown({}, {}, ask);
  const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await user.selectOptions(screen.getByLabelText("Version"), "beta");
  await user.type(screen.getByLabelText("Path"), "/me");
  const copy = screen.getByRole("button", { name: "Copy as command" });
  await user.click(copy);
  expect(ask).toHaveBeenCalledOnce();
  expect(writeText).not.toHaveBeenCalled();
  ask.mockResolvedValue(true);
  await user.click(copy);
  await waitFor(() => {
    expect(writeText).toHaveBeenCalledWith(`graph-connect get '${DETAIL.row.name}' '/me' --beta`);
  });
});

it("shows what hindered the call", async () => {
  const user = shown();
  world({ keychain: null }, { tryCall: () => Promise.reject(new Error("down")) });
  await user.type(screen.getByLabelText("Path"), "/me{Enter}");
  expect(within(await screen.findByRole("alert")).getByText("down")).toBeTruthy();
});

it("says what is wrong with a path in one plain sentence, and nothing of fields", async () => {
  const message = "This address belongs to another host. Enter a path such as /users.";
  const user = shown();
  const error = { code: "invalid", next: null, actor: null, retry: null, page: null, detail: null };
  world({}, { tryCall: () => Promise.reject(Object.assign(new Error(message), error)) });
  await user.type(screen.getByLabelText("Path"), "https://example.com/users{Enter}");
  expect((await screen.findByRole("alert")).textContent?.trim()).toBe(message);
});

it("says beside the answer that the connection's new sign-in could not be kept", async () => {
  const notKept = "The new sign-in could not be kept: the disk is full.";
  const user = shown();
  const answer = {
    status: 200,
    ms: 3,
    requestId: null,
    body: "{}",
    bytes: 2,
    keptAt: null,
    refusal: null,
    notKept,
  };
  world({}, { tryCall: () => Promise.resolve(answer) });
  await user.type(screen.getByLabelText("Path"), "/me{Enter}");
  expect(await screen.findByText(notKept)).toBeTruthy();
  expect(screen.getByText("HTTP 200")).toBeTruthy();
});

it("says who can fix a refusal", async () => {
  const user = shown();
  await user.type(screen.getByLabelText("Path"), "/users{Enter}");
  expect(await screen.findByText(/Who can fix this:/)).toBeTruthy();
});

it("says where an answer is kept that Graph keeps elsewhere, and gives the address", async () => {
  const user = shown();
  const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await user.type(screen.getByLabelText("Path"), "/reports/x{Enter}");
  expect(
    await screen.findByText("What you asked for is kept at reports.example.com."),
  ).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Copy address" }));
  expect(writeText).toHaveBeenCalledWith("https://reports.example.com/data/1?sig=abc");
});
