// The guides beside the form, their portal pages and their script.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { button, chosen, opened } from "../../../test/new-connection";
import { GUID, SECRET } from "../../../test/world";

it("never fills in a client ID of Microsoft's by itself", async () => {
  const { user } = await opened();
  await user.click(button("Microsoft Teams"));
  expect(screen.getByLabelText<HTMLInputElement>("Application (client) ID").value).toBe("");
  await user.click(button("I don't have an app registration yet"));
  expect(screen.getByText(/Your organization may have blocked it/)).toBeTruthy();
  await user.click(button("Use Microsoft Graph Command Line Tools"));
  expect(screen.getByLabelText<HTMLInputElement>("Application (client) ID").value).toBe(
    "14d82eec-204b-4c2f-b7e8-296a70dab67e",
  );
});

it("keeps the guide beside the form and remembers its steps while the dialog is open", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(button("How do I get these?"));
  const step = screen.getByRole("checkbox", { name: /^2\. Create a new registration/ });
  await user.click(step);
  expect(screen.getByText("1 of 8 steps done")).toBeTruthy();
  expect(screen.getByLabelText("Client ID")).toBeTruthy();
  await user.click(button("Close guide"));
  await user.click(button("Back"));
  await chosen(user, "App Registration");
  await user.click(button("How do I get these?"));
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /^2\. / }).checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /^3\. / }).checked).toBe(false);
});

it("leads to the pages of that very app once its ID is known, in the chosen cloud", async () => {
  const openPortal = vi.fn<Backend["openPortal"]>(() => Promise.resolve());
  const { user } = await opened({}, { openPortal });
  await chosen(user, "App Registration");
  await user.click(button("How do I get these?"));
  expect(screen.queryByRole("button", { name: "Open Certificates & secrets" })).toBeNull();
  await user.click(screen.getByLabelText("Client ID"));
  await user.paste(GUID);
  await user.click(await screen.findByRole("button", { name: "Open Certificates & secrets" }));
  expect(openPortal).toHaveBeenCalledWith("global", "secrets", GUID);
  for (const name of ["Open API permissions", "Open Overview", "Open Enterprise applications"])
    expect(button(name)).toBeTruthy();
});

it("shows the script before it can be copied, and takes what it prints", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(button("How do I get these?"));
  expect(screen.queryByRole("button", { name: "Copy script" })).toBeNull();
  await user.click(screen.getByText("Do it with a script"));
  expect((await screen.findByRole("region", { name: "Script" })).textContent).toContain(
    "Microsoft Teams",
  );
  expect(button("Copy script")).toBeTruthy();
  await user.click(screen.getByLabelText("Paste what it prints here"));
  await user.paste("Nothing of use");
  expect(await screen.findByText(/^No application ID was found/)).toBeTruthy();
  await user.paste(JSON.stringify({ appId: GUID, password: SECRET, tenant: "contoso.com" }));
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLInputElement>("Client ID").value).toBe(GUID);
  });
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
});
