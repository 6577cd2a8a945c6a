// A new secret or a new sign-in in the place of the old one.
import { screen, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import type { FakeWorld } from "../../backend/fake";
import { APP, OAUTH, opened } from "../../../test/connection";
import { SECRET } from "../../../test/world";

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
