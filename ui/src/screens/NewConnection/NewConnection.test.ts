import { render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import { example } from "../../backend/fake";
import { button, chosen, opened } from "../../../test/new-connection";
import { GUID, world } from "../../../test/world";
import NewConnection from "./NewConnection.svelte";

it("offers eleven integrations, and finds them by what they are for", async () => {
  const { user } = await opened();
  const grid = within(screen.getByRole("list", { name: "Integrations" }));
  expect(grid.getAllByRole("button")).toHaveLength(11);
  await user.type(screen.getByRole("searchbox", { name: "Search integrations" }), "mailbox");
  expect(grid.getAllByRole("button").map(({ textContent }) => textContent.trim())).toEqual([
    "Microsoft Outlook",
  ]);
});

it("is titled by the integration, suggests a free name and recommends OAuth", async () => {
  const { user } = await opened();
  await user.click(button("Microsoft Teams"));
  expect(screen.getByRole("dialog", { name: "Microsoft Teams" })).toBeTruthy();
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Microsoft Teams 2");
  });
  expect(
    screen.getByText(
      "You can use another name later, but scripts that use this one must be changed then.",
    ),
  ).toBeTruthy();
  const group = within(screen.getByRole("radiogroup", { name: "Method" }));
  expect(group.getByRole<HTMLInputElement>("radio", { name: "OAuth" }).checked).toBe(true);
});

it("asks before Back throws away what was typed, and keeps it where the person says so", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.type(screen.getByLabelText("Client ID"), GUID);
  await user.click(button("Back"));
  await user.click(button("Keep editing"));
  expect(screen.getByLabelText<HTMLInputElement>("Client ID").value).toBe(GUID);
  await user.click(button("Back"));
  await user.click(button("Discard"));
  expect(await screen.findByRole("searchbox", { name: "Search integrations" })).toBeTruthy();
});

it("closes at once while nothing was typed, and asks when something was", async () => {
  const { user, onClose } = await opened();
  await user.click(button("Microsoft Teams"));
  await user.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
  await user.type(screen.getByLabelText("Tenant"), "x");
  await user.keyboard("{Escape}");
  await user.click(
    within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Keep editing" }),
  );
  expect(onClose).toHaveBeenCalledOnce();
  await user.click(button("Cancel"));
  await user.click(await screen.findByRole("button", { name: "Discard" }));
  expect(onClose).toHaveBeenCalledTimes(2);
});

it("goes on with a duplicate under its own title, with everything but the secret", async () => {
  world();
  const original = example(0);
  const like = {
    ...original,
    description: "Nightly audit",
    row: { ...original.row, name: "Microsoft Graph 2" },
  };
  render(NewConnection, {
    props: { like, task: "Duplicate “Microsoft Graph”", onClose: vi.fn(), onCreated: vi.fn() },
  });
  expect(await screen.findByRole("dialog", { name: /Duplicate “Microsoft Graph”/ })).toBeTruthy();
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Microsoft Graph 2");
  });
  expect(screen.getByLabelText<HTMLInputElement>("Client ID").value).toBe(like.clientId);
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe("");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Description").value).toBe("Nightly audit");
  // What is typed first is the secret, and it is not typed into a field that everybody may read.
  expect(document.activeElement).toBe(screen.getByLabelText("Client secret"));
});

it("takes the first integration found, and presses the main button, with Enter", async () => {
  const { user } = await opened();
  await user.type(screen.getByRole("searchbox", { name: "Search integrations" }), "mailbox{Enter}");
  expect(screen.getByRole("dialog", { name: "Microsoft Outlook" })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  await user.type(screen.getByLabelText("Client ID"), `${GUID}{Enter}`);
  await waitFor(() => {
    expect(screen.getByText("Enter the client secret.")).toBeTruthy();
  });
});
