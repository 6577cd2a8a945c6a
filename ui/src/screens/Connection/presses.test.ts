// Presses in the dialogs of a connection that come twice, or before the backend has answered.
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, ConnectionRow } from "../../backend";
import { example, failure } from "../../backend/fake";
import { pause, world } from "../../../test/world";
import DuplicateDialog from "./DuplicateDialog.svelte";
import EditDialog from "./EditDialog.svelte";
import RenameDialog from "./RenameDialog.svelte";
import SignInAgainDialog from "./SignInAgainDialog.svelte";

const APP = example(0);
const OAUTH = example(1);

/** An answer that waits until it is let go or refused. */
function held<T>() {
  const waiting: { resolve: (value: T) => void; reject: (why: unknown) => void }[] = [];
  const call = vi.fn(() => new Promise<T>((resolve, reject) => waiting.push({ resolve, reject })));
  return { waiting, call };
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

it("saves once, however often Save is pressed, and can be pressed again after it came to nothing", async () => {
  const { waiting, call } = held<ConnectionRow>();
  world({}, { updateConnection: call });
  const onSaved = vi.fn();
  render(EditDialog, {
    props: { detail: APP, integrations: [], onClose: vi.fn(), onSaved, onRename: vi.fn() },
  });
  const user = userEvent.setup();
  await user.dblClick(button("Save"));
  expect(call).toHaveBeenCalledOnce();
  waiting[0]?.reject(failure("store", "The store is busy."));
  expect((await screen.findByRole("alert")).textContent).toContain("The store is busy.");
  await user.click(button("Save"));
  expect(screen.queryByRole("alert")).toBeNull();
  waiting[1]?.resolve(APP.row);
  await waitFor(() => {
    expect(onSaved).toHaveBeenCalledExactlyOnceWith(false);
  });
});

it("renames once, and says why it could not", async () => {
  const { waiting, call } = held<ConnectionRow>();
  world({}, { renameConnection: call });
  render(RenameDialog, { props: { detail: APP, onClose: vi.fn(), onRenamed: vi.fn() } });
  await userEvent.setup().keyboard("Contoso{Enter}{Enter}");
  expect(call).toHaveBeenCalledExactlyOnceWith(APP.row.id, "Contoso");
  waiting[0]?.reject(failure("nameTaken", "Another connection has this name."));
  expect((await screen.findByRole("alert")).textContent).toContain(
    "Another connection has this name.",
  );
});

it("writes no late suggestion into a name that was emptied again, and duplicates once", async () => {
  const names = held<string>();
  const copies = held<ConnectionRow>();
  world({}, { suggestCopyName: names.call, duplicateConnection: copies.call });
  render(DuplicateDialog, {
    props: {
      detail: APP,
      onClose: vi.fn(),
      onDuplicated: vi.fn(),
      onForm: vi.fn(),
      onRename: vi.fn(),
    },
  });
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Name"), "x{Backspace}");
  names.waiting[0]?.resolve("Contoso 2");
  await pause(0);
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("");
  await user.dblClick(button("Duplicate"));
  expect(copies.call).toHaveBeenCalledOnce();
});

it("answers once whether the new sign-in takes the place of the old one, and says why it could not", async () => {
  const { waiting, call } = held<void>();
  const confirmAccount: Backend["confirmAccount"] = call;
  world({ signIn: "notProved" }, { confirmAccount });
  render(SignInAgainDialog, { props: { detail: OAUTH, onClose: vi.fn(), onDone: vi.fn() } });
  const user = userEvent.setup();
  await user.click(button("Sign in with Microsoft"));
  await user.dblClick(await screen.findByRole("button", { name: "Replace anyway" }));
  expect(call).toHaveBeenCalledOnce();
  waiting[0]?.reject(failure("internal", "The window was not heard."));
  expect(await screen.findByText("The window was not heard.")).toBeTruthy();
});
