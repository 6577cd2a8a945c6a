// An admin's consent: asked for in a message, waited for, or given here.
import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { example, reportFor } from "../../backend/fake";
import { APP, opened } from "../../../test/connection";

/** A button of the part that says what the connection may do. */
async function inPermissions(name: string): Promise<HTMLElement> {
  return within(await screen.findByRole("region", { name: "Permissions" })).getByRole("button", {
    name,
  });
}

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
