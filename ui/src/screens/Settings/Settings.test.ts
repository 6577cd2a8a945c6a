import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { failure, type FakeWorld } from "../../backend/fake";
import { GUID, world } from "../../../test/world";
import Settings from "./Settings.svelte";

afterEach(() => {
  delete document.documentElement.dataset["theme"];
});

async function opened(settings: Partial<FakeWorld> = {}) {
  const backend = world(settings);
  render(Settings);
  await screen.findByRole("radiogroup", { name: "Theme" });
  return { user: userEvent.setup(), backend };
}

it("applies a theme at once and keeps it", async () => {
  const { user, backend } = await opened();
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect((await backend.settings()).theme).toBe("dark");
  await user.click(screen.getByRole("radio", { name: "System" }));
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});

it("saves a default client ID per cloud", async () => {
  const { user, backend } = await opened();
  await user.type(
    screen.getByLabelText("Default client ID for Microsoft 365 worldwide"),
    ` ${GUID}`,
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved")).toBeTruthy();
  expect((await backend.settings()).clientIds).toEqual([{ cloud: "global", clientId: GUID }]);
  expect((await backend.listClouds())[0]?.defaultClientId).toBe(GUID);
});

it("does not save what is no client ID, and leads to it", async () => {
  const { user, backend } = await opened();
  const field = screen.getByLabelText("Default client ID for China (operated by 21Vianet)");
  await user.type(field, "nonsense");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(field);
  });
  expect((await backend.settings()).clientIds).toEqual([]);
});

it("tests the keychain and says how it went", async () => {
  const { user } = await opened();
  await user.click(screen.getByRole("button", { name: "Test the keychain" }));
  expect(await screen.findByText("The keychain works.")).toBeTruthy();
});

it("says what to do about a keychain that does not work", async () => {
  const { user } = await opened({
    keychain: failure("keychainUnavailable", "No keychain answers.", "Start GNOME Keyring."),
  });
  await user.click(screen.getByRole("button", { name: "Test the keychain" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Start GNOME Keyring.");
});

it("shows the versions and where the data is", async () => {
  await opened();
  expect(screen.getByText("2.12.5")).toBeTruthy();
  expect(screen.getByText(/dev\.graphconnect\.desktop/)).toBeTruthy();
});

it("shows the third-party notices when they are asked for, and lets them be scrolled by the keyboard", async () => {
  const { user } = await opened();
  const button = screen.getByRole("button", { name: "Third-party notices" });
  button.focus();
  await user.keyboard("{Enter}");
  const notices = await screen.findByRole("region", { name: "Third-party notices" });
  expect(notices.textContent).toMatch(/^THIRD-PARTY NOTICES/);
  expect(notices.textContent).toContain("@tauri-apps/api");
  expect(notices.tabIndex).toBe(0);
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(document.activeElement).toBe(button);
});
