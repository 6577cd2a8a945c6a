// The dialog New Connection, opened in the pretend world, and what one does in it.
import { render, screen } from "@testing-library/svelte";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import { vi } from "vitest";

import type { Backend } from "../src/backend";
import type { FakeWorld } from "../src/backend/fake";
import NewConnection from "../src/screens/NewConnection/NewConnection.svelte";
import { GUID, SECRET, world } from "./world";

export async function opened(settings: Partial<FakeWorld> = {}, change: Partial<Backend> = {}) {
  const backend = world(settings, change);
  const props = { like: null, onClose: vi.fn(), onCreated: vi.fn() };
  render(NewConnection, { props });
  await screen.findByRole("button", { name: "Microsoft Teams" });
  return { user: userEvent.setup(), backend, ...props };
}

export async function chosen(user: UserEvent, method: "OAuth" | "App Registration"): Promise<void> {
  await user.click(screen.getByRole("button", { name: "Microsoft Teams" }));
  await user.click(screen.getByRole("radio", { name: method }));
}

export async function filled(user: UserEvent, secret = SECRET): Promise<void> {
  await chosen(user, "App Registration");
  await user.type(screen.getByLabelText("Client ID"), GUID);
  await user.type(screen.getByLabelText("Client secret"), secret);
  await user.type(screen.getByLabelText("Tenant ID"), "contoso.com");
}

export function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

export async function tested(user: UserEvent): Promise<void> {
  await user.click(button("Test Connection"));
  await screen.findByRole("region", { name: "Check report" });
}
