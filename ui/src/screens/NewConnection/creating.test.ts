// Test Connection, Test and create, and Create connection.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { example, failure } from "../../backend/fake";
import { button, filled, opened, tested } from "../../../test/new-connection";
import { GUID, SECRET } from "../../../test/world";

it("writes to an admin from the report of a test that missed consent", async () => {
  const { user } = await opened();
  await filled(user);
  await user.click(button("Test Connection"));
  await user.click(await screen.findByRole("button", { name: "Send to an admin" }));
  expect(screen.getByRole("dialog", { name: "Send to an admin" })).toBeTruthy();
});

it("creates at once after a passing test, and names the test", async () => {
  const create = vi.fn<Backend["createAppRegistration"]>(() =>
    Promise.resolve({ row: example(1).row, notKept: "This report is not kept: the disk is full." }),
  );
  const { user, onCreated } = await opened({}, { createAppRegistration: create });
  await filled(user);
  await tested(user);
  await user.click(button("Create connection"));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: example(1).row.id }),
      "This report is not kept: the disk is full.",
    );
  });
  const [form, report] = create.mock.calls[0] ?? [];
  expect(form).toMatchObject({
    integration: "teams",
    clientId: GUID,
    clientSecret: SECRET,
    tenant: "contoso.com",
  });
  expect(report).toEqual(expect.any(Number));
});

it("does not create under a name that is taken, also after a passing test", async () => {
  const { user, onCreated } = await opened();
  await filled(user);
  const name = screen.getByLabelText("Name");
  await user.clear(name);
  await user.type(name, "MICROSOFT TEAMS");
  await tested(user);
  await user.click(button("Create connection"));
  expect(await screen.findByText("Another connection has this name.")).toBeTruthy();
  expect(document.activeElement).toBe(name);
  expect(onCreated).not.toHaveBeenCalled();
});

it("forgets the report when any field changes", async () => {
  const { user } = await opened();
  await filled(user);
  await tested(user);
  await user.type(screen.getByLabelText("Tenant ID"), "x");
  expect(screen.queryByRole("region", { name: "Check report" })).toBeNull();
});

it("keeps a passing test while only the name, the description, the tags and the shape of an ID change", async () => {
  const create = vi.fn<Backend["createAppRegistration"]>(() =>
    Promise.resolve({ row: example(1).row, notKept: null }),
  );
  const { user } = await opened({}, { createAppRegistration: create });
  await filled(user);
  await tested(user);
  await user.type(screen.getByLabelText("Name"), " of Contoso");
  await user.click(screen.getByText("More options"));
  await user.type(screen.getByLabelText("Description"), "Nightly");
  await user.type(screen.getByLabelText("Tags"), "audit");
  const clientId = screen.getByLabelText<HTMLInputElement>("Client ID");
  const entered = clientId.value;
  await user.clear(clientId);
  // An emptied field is another test, so the form is tested anew, and the same ID is then written in another way.
  await user.type(clientId, entered);
  await tested(user);
  await fireEvent.input(clientId, { target: { value: ` ${entered.toUpperCase()} ` } });
  expect(screen.getByRole("region", { name: "Check report" })).toBeTruthy();
  await user.click(button("Create connection"));
  await waitFor(() => {
    expect(create).toHaveBeenCalledOnce();
  });
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(create.mock.calls[0]?.[1], "under the number of the test").not.toBeNull();
});

it("tests and creates with one press, and keeps the report of the test", async () => {
  const { user, backend, onCreated } = await opened();
  await filled(user);
  expect(button("Test and create").className).toContain("primary");
  expect(button("Create connection").className).not.toContain("primary");
  await user.click(button("Test and create"));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledOnce();
  });
  const { id } = (await backend.listConnections()).connections.at(-1) ?? { id: "" };
  expect((await backend.connectionDetail(id)).report).not.toBeNull();
});

it("shows the report when Test and create does not pass, creates nothing, and leaves the question to Create connection", async () => {
  const { user, onCreated } = await opened();
  await filled(user, "wrong");
  await user.click(button("Test and create"));
  expect(await screen.findByText("Connection failed. The client secret was refused.")).toBeTruthy();
  expect(onCreated).not.toHaveBeenCalled();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(document.activeElement, "what is wrong, with the report in sight").toBe(
    screen.getByLabelText("Client secret"),
  );
  await user.click(button("Create connection"));
  expect(
    await screen.findByRole("alertdialog", { name: "Create although the test failed?" }),
  ).toBeTruthy();
});

it("goes to the report when Test and create could prove nothing", async () => {
  const { user, onCreated } = await opened();
  await filled(user, "busy8Q~right");
  await user.click(button("Test and create"));
  expect(await screen.findByText(/^Not tested/)).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("group", { name: "Test result" }));
  expect(onCreated).not.toHaveBeenCalled();
});

it("has one main button, which creates once a test has passed", async () => {
  const { user } = await opened();
  await filled(user);
  await tested(user);
  expect(button("Create connection").className).toContain("primary");
  expect(screen.queryByRole("button", { name: "Test and create" })).toBeNull();
});

it("asks before it creates without a passing test; Go back keeps everything", async () => {
  const { user, onCreated } = await opened();
  await filled(user);
  await user.click(button("Create connection"));
  const question = await screen.findByRole("alertdialog", { name: "Create without testing?" });
  expect(document.activeElement?.textContent).toBe("Go back");
  await user.click(within(question).getByRole("button", { name: "Go back" }));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
  expect(onCreated).not.toHaveBeenCalled();
  await user.click(button("Create connection"));
  await user.click(await screen.findByRole("button", { name: "Create anyway" }));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledOnce();
  });
  expect(onCreated.mock.calls[0]?.[0]).toMatchObject({ status: "neverTested" });
});

it("asks as well after a test that failed", async () => {
  const { user } = await opened();
  await filled(user, "wrong");
  await tested(user);
  expect(screen.getByText("Connection failed. The client secret was refused.")).toBeTruthy();
  await user.click(button("Create connection"));
  expect((await screen.findByRole("alertdialog")).textContent).toContain(
    "The last test did not pass.",
  );
});

it("stays open with everything in it when the keychain refuses", async () => {
  const { user, onCreated } = await opened({
    keychain: failure(
      "keychainLocked",
      "The keychain is locked.",
      "Unlock the keychain, then try again.",
    ),
  });
  await filled(user);
  await tested(user);
  await user.click(button("Create connection"));
  expect((await screen.findByRole("alert")).textContent).toContain(
    "Unlock the keychain, then try again.",
  );
  expect(onCreated).not.toHaveBeenCalled();
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
});

it("can cancel a test", async () => {
  const { user } = await opened({ pace: 60 });
  await filled(user);
  await user.click(button("Test Connection"));
  await user.click(await screen.findByRole("button", { name: "Cancel test" }));
  expect(await screen.findByText(/^Nothing was changed/)).toBeTruthy();
});
