import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { install, type Backend } from "../../backend";
import { fake, type FakeWorld } from "../../backend/fake";
import NewConnection from "./NewConnection.svelte";

const GUID = "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b";

async function teams(world: Partial<FakeWorld>, change: Partial<Backend>) {
  install({ ...fake({ pace: 0, connections: [], ...world }), ...change });
  render(NewConnection, { props: { like: null, onClose: vi.fn(), onCreated: vi.fn() } });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Microsoft Teams" }));
  return user;
}

it("shows before the sign-in what is asked for, and asks for just that", async () => {
  const beginSignIn = vi.fn<Backend["beginSignIn"]>(() => new Promise(() => undefined));
  const user = await teams({}, { beginSignIn });
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  const group = within(screen.getByRole("radiogroup", { name: "What it may do" }));
  expect(group.getByRole<HTMLInputElement>("radio", { name: "Read and write" }).checked).toBe(true);
  await user.click(group.getByRole("radio", { name: "Read only" }));
  await user.click(screen.getByRole("button", { name: "Show 6 permissions" }));
  expect(screen.getByText("Chat.Read")).toBeTruthy();
  expect(screen.queryByText("Chat.ReadWrite")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  expect(beginSignIn.mock.calls[0]?.[1].need).toEqual({ kind: "readOnly" });
});

it("lets one make a list of one's own by typing and by keys", async () => {
  const beginSignIn = vi.fn<Backend["beginSignIn"]>(() => new Promise(() => undefined));
  const user = await teams({}, { beginSignIn });
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(screen.getByRole("radio", { name: "Read only" }));
  await user.click(screen.getByRole("radio", { name: "My own list" }));
  const box = (name: string) => screen.getByRole<HTMLInputElement>("checkbox", { name });
  expect(box("Chat.Read").checked, "it begins with what was chosen before").toBe(true);
  await user.type(screen.getByLabelText("Search permissions"), "send{ArrowDown}");
  expect(document.activeElement).toBe(box("ChannelMessage.Send"));
  await user.keyboard(" ");
  expect(box("ChannelMessage.Send").checked).toBe(true);
  await user.clear(screen.getByLabelText("Search permissions"));
  await user.click(box("User.Read"));
  expect(box("User.Read").checked, "every sign-in asks for it").toBe(true);
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  const need = beginSignIn.mock.calls[0]?.[1].need;
  expect(need?.kind === "own" && need.names).toContain("ChannelMessage.Send");
});

it("watches for an admin's consent while the connection is being made", async () => {
  const beginSignIn = vi.fn<Backend["beginSignIn"]>((_number, _form, _mode, _waits, onEvent) => {
    onEvent({
      kind: "waiting",
      deadline: new Date(Date.now() + 60_000).toISOString(),
      redirectUri: "http://localhost:1",
    });
    return Promise.resolve("https://login.example");
  });
  const user = await teams({}, { beginSignIn });
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(screen.getByRole("button", { name: "Sign in with Microsoft" }));
  await user.click(await screen.findByRole("button", { name: "Microsoft's page shows an error?" }));
  await user.click(screen.getByRole("button", { name: "Send to an admin" }));
  const dialog = within(screen.getByRole("dialog", { name: "Send to an admin" }));
  await user.click(dialog.getByRole("button", { name: "Sign in and watch for consent" }));
  expect(dialog.getByText("Enter the tenant's domain or ID.")).toBeTruthy();
  expect(document.activeElement).toBe(dialog.getByLabelText("Tenant"));
  await user.type(dialog.getByLabelText("Tenant"), "contoso.com");
  await user.click(dialog.getByRole("button", { name: "Sign in and watch for consent" }));
  await vi.waitFor(() => {
    expect(beginSignIn).toHaveBeenCalledTimes(2);
  });
  const [, form, mode, waits] = beginSignIn.mock.calls[1] ?? [];
  expect([form?.tenant, mode, waits]).toEqual(["contoso.com", "browser", true]);
});
