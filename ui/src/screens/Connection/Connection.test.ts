import { render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import { failure, reportFor } from "../../backend/fake";
import { APP, OAUTH, opened } from "../../../test/connection";
import { examples, world } from "../../../test/world";
import { SAID_FOR } from "../../state/message.svelte";
import Connection from "./Connection.svelte";

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

it("offers what fits the method", async () => {
  await opened(OAUTH.row.id);
  expect(screen.getAllByRole("button", { name: "Sign in again" }).length).toBeGreaterThan(0);
  expect(screen.queryByRole("button", { name: "Replace secret" })).toBeNull();
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
