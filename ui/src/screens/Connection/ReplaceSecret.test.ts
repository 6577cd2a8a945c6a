import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, Replacement } from "../../backend";
import { example, reportFor } from "../../backend/fake";
import { pause, SECRET, world } from "../../../test/world";
import ReplaceSecretDialog from "./ReplaceSecretDialog.svelte";

const DETAIL = example(0);
const OTHER = "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55";

function opened(change: Partial<Backend> = {}) {
  world({}, change);
  const props = { detail: DETAIL, onClose: vi.fn(), onReplaced: vi.fn() };
  render(ReplaceSecretDialog, { props });
  return { user: userEvent.setup(), ...props };
}

function input(label: string): HTMLInputElement {
  return screen.getByLabelText<HTMLInputElement>(label);
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

it("takes the spaces around a pasted secret away and says so, and Undo puts them back for good", async () => {
  const replaceSecret = vi.fn<Backend["replaceSecret"]>(never);
  const { user } = opened({ replaceSecret });
  await user.paste(` ${SECRET} `);
  expect(await screen.findByText("The spaces around it were removed.")).toBeTruthy();
  expect(input("Client secret").value).toBe(SECRET);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(input("Client secret").value).toBe(` ${SECRET} `);
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(replaceSecret).toHaveBeenCalledOnce();
  });
  expect(replaceSecret.mock.calls[0]?.[2].clientSecret).toBe(` ${SECRET} `);
});

it("tests a typed secret without the spaces around it, also when the press comes at once", async () => {
  const replaceSecret = vi.fn<Backend["replaceSecret"]>(never);
  const { user } = opened({ replaceSecret });
  await user.keyboard(` ${SECRET} {Enter}`);
  await waitFor(() => {
    expect(replaceSecret).toHaveBeenCalledOnce();
  });
  expect(replaceSecret.mock.calls[0]?.[2].clientSecret).toBe(SECRET);
});

it("takes the secret and the day it expires from what was pasted, says so, and takes it back", async () => {
  const { user } = opened();
  const text = `Client secret: ${SECRET}\nExpires: 20 Dec 2026`;
  await user.paste(text);
  expect(
    await screen.findByText("Filled in Client secret and Secret expires on from what you pasted."),
  ).toBeTruthy();
  expect([input("Client secret").value, input("Secret expires on").value]).toEqual([
    SECRET,
    "20 Dec 2026",
  ]);
  expect(screen.queryByText(/belongs to another application/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(input("Secret expires on").value).toBe("");
  expect(screen.queryByText(/^Filled in/)).toBeNull();
});

it("leaves the notice of a paste where it is when something else is typed, and only its Undo is over", async () => {
  const { user } = opened();
  await user.paste(`Client secret: ${SECRET}\nTenant ID: contoso.com`);
  const said = await screen.findByText(/^Filled in Client secret/);
  await user.type(input("Secret expires on"), "20 Dec 2026");
  expect(said.isConnected).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Undo" }).disabled).toBe(true);
});

it("says before any test that a pasted secret belongs to another application, until it is written over", async () => {
  const replaceSecret = vi.fn<Backend["replaceSecret"]>(never);
  const { user } = opened({ replaceSecret });
  await user.paste(JSON.stringify({ appId: OTHER, password: SECRET, tenant: "contoso.com" }));
  expect(
    await screen.findByText(`This secret belongs to another application: ${OTHER}.`),
  ).toBeTruthy();
  expect(screen.getByText(new RegExp(`^This connection uses ${DETAIL.clientId}\\.`))).toBeTruthy();
  expect(replaceSecret).not.toHaveBeenCalled();
  await user.type(input("Client secret"), "x");
  expect(screen.queryByText(/belongs to another application/)).toBeNull();
});

it("says nothing of an application that is the connection's own, whatever its letters", async () => {
  const { user } = opened();
  await user.paste(JSON.stringify({ appId: DETAIL.clientId.toUpperCase(), password: SECRET }));
  await screen.findByText("Filled in Client secret from what you pasted.");
  expect(screen.queryByText(/belongs to another application/)).toBeNull();
});

it("does not take a text without a secret for one, and says so", async () => {
  const { user } = opened();
  await user.paste(`Client ID: ${DETAIL.clientId}\nTenant ID: contoso.com`);
  expect(await screen.findByText("No client secret was found in what you pasted.")).toBeTruthy();
  expect(input("Client secret").value).toBe("");
});

it("keeps a press that comes before the secret was looked at, and tests once", async () => {
  const looks: (() => void)[] = [];
  const replaceSecret = vi.fn<Backend["replaceSecret"]>(never);
  const program = world();
  const inspectAppRegistration: Backend["inspectAppRegistration"] = (form) =>
    new Promise((resolve, reject) =>
      looks.push(() => void program.inspectAppRegistration(form).then(resolve, reject)),
    );
  const { user } = opened({ replaceSecret, inspectAppRegistration });
  await user.keyboard(`${SECRET}{Enter}{Enter}`);
  expect(replaceSecret).not.toHaveBeenCalled();
  await waitFor(() => {
    for (const go of looks.splice(0)) go();
    expect(replaceSecret).toHaveBeenCalledOnce();
  });
});

it.each([false, true])(
  "shows no answer about an older text beside a newer one, but tells when it was replaced: %s",
  async (replaced) => {
    let answer: (given: Replacement) => void = () => undefined;
    const { user, onReplaced } = opened({
      replaceSecret: () => new Promise((resolve) => (answer = resolve)),
    });
    await user.keyboard(`${SECRET}{Enter}`);
    await screen.findByRole("region", { name: "Test in progress" });
    await user.type(input("Client secret"), "x");
    answer({
      replaced,
      say: "What became of it.",
      report: reportFor("teams", replaced ? "full" : "wrong", false),
    });
    await pause(0);
    expect(onReplaced).toHaveBeenCalledTimes(replaced ? 1 : 0);
    expect(screen.queryByText("What became of it.")).toBeNull();
    expect(screen.queryByRole("button", { name: "Replace anyway" })).toBeNull();
  },
);
