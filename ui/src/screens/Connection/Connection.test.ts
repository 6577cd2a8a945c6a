import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { example, failure, reportFor, type FakeWorld } from "../../backend/fake";
import { examples, SECRET, world } from "../../../test/world";
import { SAID_FOR } from "../../state/message.svelte";
import { date } from "../../time";
import Connection from "./Connection.svelte";

const APP = example(0);
const OAUTH = example(1);

async function opened(
  id: string,
  settings: Partial<FakeWorld> = {},
  change: Partial<Backend> = {},
) {
  const backend = world({ connections: examples(3), ...settings }, change);
  const props = {
    id,
    onBack: vi.fn(),
    onDeleted: vi.fn(),
    onDuplicate: vi.fn(),
    onDuplicated: vi.fn(),
    onRenamed: vi.fn(),
  };
  render(Connection, { props });
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), backend, ...props };
}

/** A button of the part that says what the connection may do. */
async function inPermissions(name: string): Promise<HTMLElement> {
  return within(await screen.findByRole("region", { name: "Permissions" })).getByRole("button", {
    name,
  });
}

it("is headed by the connection's name and takes the focus there", async () => {
  await opened(APP.row.id);
  const heading = screen.getByRole("heading", { level: 1, name: APP.row.name });
  await waitFor(() => {
    expect(document.activeElement).toBe(heading);
  });
});

it("tests, shows each line and then the report, and has every permission in a table", async () => {
  const { user } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Test Connection" }));
  const report = within(await screen.findByRole("region", { name: "Check report" }));
  expect(report.getByText("Connected. 10 of 38 permissions are missing.")).toBeTruthy();
  const table = within(screen.getByRole("table", { name: "Permissions" }));
  expect(table.getAllByRole("row")).toHaveLength(39);
});

it("asks before it deletes, names what stops working, and starts on Cancel", async () => {
  const { user, onDeleted } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  const question = screen.getByRole("alertdialog", { name: `Delete “${APP.row.name}”?` });
  expect(question.textContent).toContain("Every script and program on this computer that uses");
  expect(document.activeElement).toBe(within(question).getByRole("button", { name: "Cancel" }));
  await user.keyboard("{Enter}");
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Delete" }));
  expect(onDeleted).not.toHaveBeenCalled();
});

it("deletes when told so", async () => {
  const { user, onDeleted } = await opened(APP.row.id);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => {
    expect(onDeleted).toHaveBeenCalledWith(expect.objectContaining({ name: APP.row.name }));
  });
});

it("keeps the question open and says why when the keychain does not let it delete", async () => {
  const { user, onDeleted } = await opened(APP.row.id, {
    keychain: failure("keychainDenied", "Access was denied."),
  });
  await user.click(screen.getByRole("button", { name: "Delete" }));
  const question = within(screen.getByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Delete" }));
  expect((await question.findByRole("alert")).textContent).toContain("Keychain access denied");
  expect(onDeleted).not.toHaveBeenCalled();
});

async function replacing(
  secret: string,
  settings: Partial<FakeWorld> = {},
  change: Partial<Backend> = {},
) {
  const shown = await opened(APP.row.id, settings, change);
  await shown.user.click(
    screen.getAllByRole("button", { name: "Replace secret" })[0] as HTMLElement,
  );
  const dialog = within(screen.getByRole("dialog", { name: "Replace secret" }));
  expect(document.activeElement).toBe(dialog.getByLabelText("Client secret"));
  if (secret !== "") await shown.user.keyboard(secret);
  return { ...shown, dialog };
}

it("opens with the focus in the field, takes Enter, and replaces a secret that works, with one message", async () => {
  const { user, backend } = await replacing(SECRET);
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Secret replaced and tested.")).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.queryByText(/Test the connection/)).toBeNull();
  const { row, report } = await backend.connectionDetail(APP.row.id);
  expect([row.lastCheckedAt, row.status]).toEqual([report?.startedAt, "needsAttention"]);
});

it("looks at the secret before it sends anything", async () => {
  const replaceSecret = vi.fn<Backend["replaceSecret"]>();
  const { user, dialog } = await replacing("", {}, { replaceSecret });
  await user.keyboard("{Enter}");
  expect(await dialog.findByText("Enter the client secret.")).toBeTruthy();
  expect(replaceSecret).not.toHaveBeenCalled();
});

it("keeps the old secret when the new one does not work, with the report and what was entered", async () => {
  const { user, dialog, backend } = await replacing("wrong8Q~a-typo");
  const before = await backend.connectionDetail(APP.row.id);
  await user.keyboard("{Enter}");
  expect(
    await dialog.findByText("The new secret does not work. The old one is kept."),
  ).toBeTruthy();
  expect(dialog.getByRole("region", { name: "Check report" }).textContent).toContain(
    "The client secret was refused.",
  );
  expect(dialog.getByLabelText<HTMLInputElement>("Client secret").value).toBe("wrong8Q~a-typo");
  expect(await backend.connectionDetail(APP.row.id)).toEqual(before);
  await user.click(dialog.getByRole("button", { name: "Go to Client secret" }));
  expect(document.activeElement).toBe(dialog.getByLabelText("Client secret"));
  await user.keyboard("x");
  expect(dialog.queryByRole("button", { name: "Replace anyway" })).toBeNull();
});

it("says that a secret could not be tested, and keeps the old one", async () => {
  const { user, dialog } = await replacing("busy8Q~right");
  await user.keyboard("{Enter}");
  expect(
    await dialog.findByText("The new secret could not be tested. The old one is kept."),
  ).toBeTruthy();
  expect(dialog.queryByRole("timer")).toBeNull();
});

it("replaces anyway only after a second question, which starts on keeping the old one", async () => {
  const { user, dialog, backend } = await replacing("wrong8Q~a-typo");
  await user.keyboard("{Enter}");
  await user.click(await dialog.findByRole("button", { name: "Replace anyway" }));
  const question = within(screen.getByRole("alertdialog", { name: "Replace anyway?" }));
  expect(document.activeElement).toBe(
    question.getByRole("button", { name: "Keep the old secret" }),
  );
  await user.click(question.getByRole("button", { name: "Replace anyway" }));
  expect(
    await screen.findByText(/^The new secret does not work\. It has replaced the old one/),
  ).toBeTruthy();
  expect((await backend.connectionDetail(APP.row.id)).row.status).toBe("failing");
});

it("cancels the test first and then the dialog, and says that the old secret is kept", async () => {
  const { user, dialog } = await replacing(SECRET, { pace: 20 });
  await user.keyboard("{Enter}");
  await dialog.findByRole("region", { name: "Test in progress" });
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await dialog.findByText("Test canceled. The old secret is kept.")).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("offers a new secret in the report that calls for one", async () => {
  const { user } = await opened(APP.row.id, { test: "wrong" });
  await user.click(screen.getByRole("button", { name: "Test Connection" }));
  const report = within(await screen.findByRole("region", { name: "Check report" }));
  await user.click(report.getByRole("button", { name: "Replace secret" }));
  expect(screen.getByRole("dialog", { name: "Replace secret" })).toBeTruthy();
});

it("keeps the old sign-in when the new one does not work, unless the person insists", async () => {
  const { user, backend } = await opened(OAUTH.row.id, { signIn: "notProved" });
  const before = await backend.connectionDetail(OAUTH.row.id);
  await user.click(screen.getAllByRole("button", { name: "Sign in again" })[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  expect(
    await screen.findByText("The new sign-in does not work. The old one is kept."),
  ).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Keep the old sign-in" }));
  expect(await backend.connectionDetail(OAUTH.row.id)).toEqual(before);
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  await user.click(await screen.findByRole("button", { name: "Replace anyway" }));
  await user.click(await screen.findByRole("button", { name: "Done" }));
  expect((await backend.connectionDetail(OAUTH.row.id)).account?.username).toBe(
    "adele@contoso.com",
  );
});

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

it("asks when another account signs in again", async () => {
  const { user, backend } = await opened(OAUTH.row.id, { signIn: "otherAccount" });
  await user.click(screen.getAllByRole("button", { name: "Sign in again" })[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  expect(
    await screen.findByText(/belongs to alex@contoso.com. Now adele@contoso.com signed in/),
  ).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Use this account" }));
  await user.click(await screen.findByRole("button", { name: "Done" }));
  expect((await backend.connectionDetail(OAUTH.row.id)).account?.username).toBe(
    "adele@contoso.com",
  );
});

it("offers what fits the method", async () => {
  await opened(OAUTH.row.id);
  expect(screen.getAllByRole("button", { name: "Sign in again" }).length).toBeGreaterThan(0);
  expect(screen.queryByRole("button", { name: "Replace secret" })).toBeNull();
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

it("says so when the connection is gone", async () => {
  world();
  render(Connection, {
    props: {
      id: "gone",
      onBack: vi.fn(),
      onDeleted: vi.fn(),
      onDuplicate: vi.fn(),
      onDuplicated: vi.fn(),
      onRenamed: vi.fn(),
    },
  });
  expect((await screen.findByRole("alert")).textContent).toContain("Connection not found");
});

it("writes to an admin: the message as text and with formatting, as a file, and as a link", async () => {
  const { user } = await opened(APP.row.id);
  await user.click(await inPermissions("Send to an admin"));
  const dialog = within(screen.getByRole("dialog", { name: "Send to an admin" }));
  expect((await dialog.findByRole("region", { name: "Message" })).textContent).toContain(
    "Role needed: Privileged Role Administrator",
  );
  expect(dialog.getByText(/can overwrite earlier tenant-wide consent/)).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Formatted" }));
  expect(
    dialog.getByRole("region", { name: "Message" }).querySelectorAll("li").length,
  ).toBeGreaterThan(0);
  for (const name of ["Copy as text", "Copy with formatting", "Copy consent link"]) {
    expect(dialog.getByRole("button", { name })).toBeTruthy();
  }
  await user.click(dialog.getByRole("button", { name: "Save as .eml" }));
  expect(await dialog.findByText(/^Saved as .*\.eml/)).toBeTruthy();
  expect(dialog.getByRole("button", { name: "Show in folder" })).toBeTruthy();
});

it("leads from the finding to an admin when only an admin can mend it, and nowhere else", async () => {
  const { user } = await opened(APP.row.id);
  const lines = within(await screen.findByRole("list", { name: "Findings" }));
  const [permissions, ...others] = lines
    .getAllByRole("listitem")
    .filter((line) => within(line).queryByRole("button", { name: "Send to an admin" }));
  expect(permissions?.textContent).toContain("a Privileged Role Administrator");
  expect(others).toEqual([]);
  await user.click(
    within(permissions ?? document.body).getByRole("button", { name: "Send to an admin" }),
  );
  expect(screen.getByRole("dialog", { name: "Send to an admin" })).toBeTruthy();
});

it("keeps what happened unasked until it is read", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  world({ connections: examples(3) });
  const props = {
    id: APP.row.id,
    onBack: vi.fn(),
    onDeleted: vi.fn(),
    onDuplicate: vi.fn(),
    onDuplicated: vi.fn(),
    onRenamed: vi.fn(),
  };
  const { rerender } = render(Connection, { props });
  await screen.findByRole("heading", { level: 1 });
  await rerender({
    ...props,
    change: { kind: "connection", row: APP.row, say: "It has its permissions now and works." },
  });
  await vi.advanceTimersByTimeAsync(10 * SAID_FOR);
  expect(screen.getByText("It has its permissions now and works.")).toBeTruthy();
  vi.useRealTimers();
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

it("watches for consent when told so, says until when, and stops when told so", async () => {
  const { user } = await opened(APP.row.id);
  await user.click(await inPermissions("Send to an admin"));
  await screen.findByRole("region", { name: "Message" });
  await user.click(screen.getByRole("button", { name: "Watch for consent" }));
  expect(
    await screen.findByText(
      /^Waiting for consent since \d\d:\d\d\. Next check \d\d:\d\d\. Stops\s+tomorrow at \d\d:\d\d\.$/,
    ),
  ).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Stop waiting" }));
  await waitFor(() => {
    expect(screen.queryByText(/^Waiting for consent/)).toBeNull();
  });
});

it("lets an admin consent here, and believes a fresh token rather than the page", async () => {
  const { user } = await opened(APP.row.id);
  await user.click(await screen.findByRole("button", { name: "I am the admin: consent now" }));
  expect(screen.getByText(/Afterwards Graph Connect gets a fresh token/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Open consent page" }));
  expect(await screen.findByText(/This is what a fresh token says/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "I am the admin: consent now" })).toBeNull();
  });
});

it("explains what the consent page may say, leads to the portal, and can be cancelled", async () => {
  const cancelSignIn = vi.fn<Backend["cancelSignIn"]>(() => Promise.resolve());
  const { user } = await opened(APP.row.id, { page: "returns" }, { cancelSignIn });
  await user.click(await screen.findByRole("button", { name: "I am the admin: consent now" }));
  await user.click(screen.getByRole("button", { name: "Open consent page" }));
  const help = within(await screen.findByRole("region", { name: "Help with the consent" }));
  expect(await help.findByText(/came back without an answer/)).toBeTruthy();
  expect(help.getByLabelText("Error code on the page")).toBeTruthy();
  expect(help.getByRole("button", { name: "Open API permissions" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(cancelSignIn).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Open consent page" })).toBeTruthy();
});

it("explains which permissions no application can have, and what stands in for them", async () => {
  await opened(APP.row.id);
  expect(await screen.findByText("Why some permissions are not in this list")).toBeTruthy();
  expect(screen.getAllByText(/use .* instead$/).length).toBeGreaterThan(0);
});

it("says nothing of that for a signed-in person, who can have them", async () => {
  await opened(OAUTH.row.id);
  await screen.findByRole("table", { name: "Permissions" });
  expect(screen.queryByText("Why some permissions are not in this list")).toBeNull();
});

it("tests again by itself after consent whose grant is not yet in the token", async () => {
  const late = reportFor("microsoftGraph", "late", true);
  const { backend } = await opened(APP.row.id, {}, {});
  backend.connectionDetail = (id) =>
    Promise.resolve({ ...example(0), row: { ...example(0).row, id }, report: late });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "I am the admin: consent now" }));
  await user.click(screen.getByRole("button", { name: "Open consent page" }));
  await user.click(await screen.findByRole("button", { name: "Done" }));
  expect((await screen.findByRole("timer")).textContent).toBe("Testing again in 60 s.");
  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(screen.queryByRole("timer")).toBeNull();
});

it("shows a test that could not run beside the last one that did, and tests after Unlock", async () => {
  const keychain = failure("keychainLocked", "The keychain is locked.");
  const { user } = await opened(APP.row.id, { keychain });
  const permissions = within(screen.getByRole("table", { name: "Permissions" })).getAllByRole(
    "row",
  ).length;
  const headline = APP.report?.headline ?? "";
  await user.click(screen.getByRole("button", { name: "Test Connection" }));
  const attempt = within(await screen.findByRole("region", { name: "Check report" }));
  expect(attempt.getByText("Not tested: the keychain is locked.")).toBeTruthy();
  expect(
    within(screen.getByRole("region", { name: "Last report" })).getByText(headline),
  ).toBeTruthy();
  expect(
    within(screen.getByRole("table", { name: "Permissions" })).getAllByRole("row"),
  ).toHaveLength(permissions);
  expect(screen.getByText("Healthy")).toBeTruthy();
  await user.click(attempt.getByRole("button", { name: "Unlock" }));
  await waitFor(() => {
    expect(screen.queryByText(/^Not tested/)).toBeNull();
  });
  expect(screen.queryByRole("region", { name: "Last report" })).toBeNull();
});

it("says after a restart too what stood in the way of the last test", async () => {
  const connections = examples(3);
  const [first] = connections;
  if (first)
    first.row.notTested = {
      at: new Date().toISOString(),
      reason: "network",
      because: "login.microsoftonline.com did not answer in time",
    };
  await opened(APP.row.id, { connections });
  expect(
    screen.getByText("Not tested: login.microsoftonline.com did not answer in time."),
  ).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Unlock" })).toBeNull();
  expect(
    within(screen.getByRole("region", { name: "Last report" })).getByText(
      APP.report?.headline ?? "",
    ),
  ).toBeTruthy();
});

it("says in its facts that a secret has expired, whatever was known of its day", async () => {
  const connections = examples(3);
  const [first] = connections;
  if (first) Object.assign(first.row, { secretExpired: true, expiresOn: null });
  await opened(APP.row.id, { connections });
  expect(screen.getByText("Expired")).toBeTruthy();
  expect(screen.queryByText("Not known", { selector: "dd *" })).toBeNull();
});

it("says of a secret without room in the keychain where it is", async () => {
  const connections = examples(3);
  const [first] = connections;
  if (first) first.row.sealed = true;
  await opened(APP.row.id, { connections });
  expect(screen.getByText(/^The keychain had no room for the secret/)).toBeTruthy();
});

it("shows a report that could not be kept, and says so", async () => {
  const report = {
    ...reportFor("microsoftGraph", "full", true),
    notKept: "This report is shown but not kept: the disk is full.",
  };
  const { user } = await opened(APP.row.id, {}, { checkConnection: () => Promise.resolve(report) });
  await user.click(screen.getByRole("button", { name: "Test Connection" }));
  expect(
    await screen.findByText("This report is shown but not kept: the disk is full."),
  ).toBeTruthy();
});

it("names a cloud of the person's own in its facts as the list does", async () => {
  const connections = examples(7);
  const own = connections[6];
  await opened(own?.row.id ?? "", { connections });
  expect(screen.getByTitle("This cloud comes from your own clouds file.").textContent).toBe(
    `${own?.row.cloudId ?? ""}, custom cloud`,
  );
});
