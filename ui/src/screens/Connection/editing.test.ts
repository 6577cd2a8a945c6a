// Edit, Duplicate and Use another name, and what was typed in them.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { APP, OAUTH, opened } from "../../../test/connection";
import { examples } from "../../../test/world";
import { date } from "../../time";

it("saves description, tags and expiry, but offers no other name", async () => {
  const updateConnection = vi.fn<Backend["updateConnection"]>(() => Promise.resolve(APP.row));
  const { user } = await opened(APP.row.id, {}, { updateConnection });
  await user.click(screen.getByRole("button", { name: "Edit" }));
  const dialog = within(screen.getByRole("dialog", { name: "Edit connection" }));
  expect(dialog.queryByLabelText("Name")).toBeNull();
  await user.clear(dialog.getByLabelText("Tags"));
  await user.type(dialog.getByLabelText("Tags"), "audit, nightly,, audit ");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(updateConnection).toHaveBeenCalledWith(
    APP.row.id,
    APP.description,
    ["audit", "nightly"],
    date(APP.row.expiresOn ?? ""),
    APP.need,
  );
});

it("duplicates with the secret, which never comes to the window, under a name with a number", async () => {
  const { user, backend, onDuplicated } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Duplicate" }));
  const dialog = within(screen.getByRole("dialog", { name: `Duplicate “${APP.row.name}”` }));
  await dialog.findByDisplayValue(`${APP.row.name} 2`);
  expect(dialog.getByLabelText<HTMLInputElement>("Copy the secret too").checked).toBe(true);
  await user.click(dialog.getByRole("button", { name: "Duplicate" }));
  await waitFor(() => {
    expect(onDuplicated).toHaveBeenCalledWith(
      expect.objectContaining({ name: `${APP.row.name} 2`, tags: APP.row.tags }),
    );
  });
  expect((await backend.listConnections()).connections).toHaveLength(4);
});

it("goes on in the form without the secret, with everything else that was entered", async () => {
  const { user, onDuplicate } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Duplicate" }));
  const dialog = within(screen.getByRole("dialog"));
  await dialog.findByDisplayValue(`${APP.row.name} 2`);
  await user.click(dialog.getByLabelText("Copy the secret too"));
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  expect(onDuplicate.mock.calls[0]?.[0]).toMatchObject({
    clientId: APP.clientId,
    row: { name: `${APP.row.name} 2` },
  });
  expect(onDuplicate.mock.calls[0]?.[1]).toBe(APP.row.name);
});

it("does not offer to copy a sign-in", async () => {
  const { user } = await opened(OAUTH.row.id);
  await user.click(screen.getByRole("button", { name: "Duplicate" }));
  expect(screen.queryByLabelText("Copy the secret too")).toBeNull();
  expect(screen.getByText(/A sign-in can't be copied/)).toBeTruthy();
});

it("leads from Edit to another name, and says that scripts have to be changed", async () => {
  const { user, onRenamed } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Edit" }));
  await user.click(screen.getByRole("button", { name: "Use another name" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: `Use another name for “${APP.row.name}”` }),
  );
  expect(dialog.getByText(/stop working until you change the name in them/)).toBeTruthy();
  await user.keyboard("Contoso 2027{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Contoso 2027" });
  expect(onRenamed).toHaveBeenCalledWith(
    expect.objectContaining({ name: "Contoso 2027" }),
    APP.row.name,
  );
});

it("leads back from another name to Edit, where what was typed is neither lost nor saved", async () => {
  const updateConnection = vi.fn<Backend["updateConnection"]>();
  const { user } = await opened(APP.row.id, {}, { updateConnection });
  await user.click(screen.getByRole("button", { name: "Edit" }));
  await user.type(screen.getByLabelText("Description"), " and more");
  await user.click(screen.getByRole("button", { name: "Use another name" }));
  const title = `Use another name for “${APP.row.name}”`;
  const name = within(screen.getByRole("dialog", { name: title }));
  await user.click(name.getByRole("button", { name: "Cancel" }));
  const edit = within(screen.getByRole("dialog", { name: "Edit connection" }));
  expect(edit.getByLabelText<HTMLTextAreaElement>("Description").value).toMatch(/ and more$/);
  expect(updateConnection).not.toHaveBeenCalled();
});

it("goes on editing after another name, when something typed is not saved yet", async () => {
  const updateConnection = vi.fn<Backend["updateConnection"]>();
  const { user } = await opened(APP.row.id, {}, { updateConnection });
  await user.click(screen.getByRole("button", { name: "Edit" }));
  await user.type(screen.getByLabelText("Tags"), ", nightly");
  await user.click(screen.getByRole("button", { name: "Use another name" }));
  await user.keyboard("Contoso 2027{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Contoso 2027" });
  const edit = within(screen.getByRole("dialog", { name: "Edit connection" }));
  expect(edit.getByLabelText<HTMLInputElement>("Tags").value).toMatch(/, nightly$/);
  expect(updateConnection).not.toHaveBeenCalled();
});

it("keeps what was typed for a duplicate while another name is thought about", async () => {
  const { user } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Duplicate" }));
  const title = `Duplicate “${APP.row.name}”`;
  const duplicate = within(screen.getByRole("dialog", { name: title }));
  await user.clear(duplicate.getByLabelText("Name"));
  await user.type(duplicate.getByLabelText("Name"), "My copy");
  await user.click(duplicate.getByRole("button", { name: "Use another name" }));
  await user.keyboard("{Escape}");
  expect(duplicate.getByLabelText<HTMLInputElement>("Name").value).toBe("My copy");
});

it("says where the date of a secret comes from, and does not offer to edit the tenant's", async () => {
  const connections = examples(3);
  const [first] = connections;
  if (first)
    Object.assign(first.row, { expiresOn: "2050-12-20", expiresAt: "2050-12-20T12:00:00Z" });
  const { user } = await opened(APP.row.id, { connections });
  expect(screen.getByText(/read from the app registration/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Edit" }));
  const dialog = within(screen.getByRole("dialog", { name: "Edit connection" }));
  expect(dialog.getByText(/^Secret expires on 20 Dec 2050/)).toBeTruthy();
  expect(dialog.queryByLabelText("Secret expires on")).toBeNull();
  expect(dialog.queryByText(/24 months/)).toBeNull();
});

it("lets a date that was entered by hand be edited", async () => {
  const { user } = await opened(APP.row.id);
  expect(screen.getByText(/entered by hand/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Edit" }));
  expect(screen.getByLabelText("Secret expires on")).toBeTruthy();
});
