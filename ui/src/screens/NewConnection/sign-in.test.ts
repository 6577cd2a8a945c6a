// A sign-in from the form to its end, and the help while it is waited for.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend, SignInEvent } from "../../backend";
import { button, chosen, opened } from "../../../test/new-connection";
import { GUID } from "../../../test/world";

it("waits for the sign-in with a countdown, and Cancel goes back to the form", async () => {
  const cancelSignIn = vi.fn(() => Promise.resolve());
  const { user } = await opened({ signIn: "waits" }, { cancelSignIn });
  await user.click(button("Microsoft Teams"));
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  expect((await screen.findByRole("timer")).textContent).toMatch(/^[45]:\d\d$/);
  expect(button("Open again")).toBeTruthy();
  expect(button("Copy sign-in link")).toBeTruthy();
  await user.click(button("Cancel"));
  expect(cancelSignIn).toHaveBeenCalledOnce();
  expect(screen.getByLabelText<HTMLInputElement>("Application (client) ID").value).toBe(GUID);
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Microsoft Teams" }));
  });
});

it("does not begin a sign-in without an application, and leads to the field", async () => {
  const beginSignIn = vi.fn<Backend["beginSignIn"]>();
  const { user } = await opened({}, { beginSignIn });
  await user.click(button("Microsoft Teams"));
  await user.click(button("Sign in with Microsoft"));
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByLabelText("Application (client) ID"));
  });
  expect(beginSignIn).not.toHaveBeenCalled();
});

it("offers help when Microsoft's page came back without an answer", async () => {
  let send: (event: SignInEvent) => void = () => undefined;
  const beginSignIn: Backend["beginSignIn"] = (_number, _form, _mode, _waits, onEvent) => {
    send = onEvent;
    return Promise.resolve("https://login.example/authorize");
  };
  const { user } = await opened({}, { beginSignIn });
  await user.click(button("Microsoft Teams"));
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  const deadline = new Date(Date.now() + 300_000).toISOString();
  await waitFor(() => {
    send({ kind: "waiting", deadline, redirectUri: "http://localhost:53412" });
    expect(screen.getByRole("timer")).toBeTruthy();
  });
  expect(screen.queryByLabelText("Error code on the page")).toBeNull();
  send({ kind: "returnedWithoutAnswer" });
  await user.type(await screen.findByLabelText("Error code on the page"), "AADSTS50011{Enter}");
  expect(await screen.findByText(/Add http:\/\/localhost under Authentication/)).toBeTruthy();
  expect(screen.getByText("http://localhost")).toBeTruthy();
});

it("shows who signed in, what was granted and what is missing, and Done leads to the list", async () => {
  const { user, onCreated } = await opened();
  await user.click(button("Microsoft Teams"));
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  expect(await screen.findByText("“Microsoft Teams 2” was created.")).toBeTruthy();
  expect(screen.getByText("adele@contoso.com")).toBeTruthy();
  expect(screen.getByText("9 permissions")).toBeTruthy();
  expect(screen.getByText(/^Channel\.Create, /)).toBeTruthy();
  await user.click(button("Done"));
  expect(onCreated).toHaveBeenCalledOnce();
});

it("says that a sign-in was declined, and keeps the form", async () => {
  const { user, onCreated } = await opened({ signIn: "declined" });
  await user.click(button("Microsoft Teams"));
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  expect((await screen.findByRole("alert")).textContent).toContain("Sign-in declined");
  expect(button("Sign in with Microsoft")).toBeTruthy();
  expect(onCreated).not.toHaveBeenCalled();
});

it("explains a code while it waits: whose job, whether to try again, where; and asks an admin for this very form", async () => {
  const consentMessage = vi.fn<Backend["consentMessage"]>(() => new Promise(() => undefined));
  const { user } = await opened({ signIn: "waits" }, { consentMessage });
  await chosen(user, "OAuth");
  await user.type(screen.getByLabelText("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  await user.click(await screen.findByRole("button", { name: "Microsoft's page shows an error?" }));
  expect(screen.getByText("http://localhost")).toBeTruthy();
  // All lines of the page are taken, as they were copied.
  await user.click(screen.getByLabelText("Error code on the page"));
  await user.paste("Correlation Id: 11111111-2222-3333-4444-555555555555\nError code: 90094");
  await user.keyboard("{Enter}");
  expect(await screen.findByText("a Privileged Role Administrator")).toBeTruthy();
  expect(screen.getByText("Fix it first, then try again.")).toBeTruthy();
  expect(button("Open Admin consent requests")).toBeTruthy();
  await user.click(button("Ask an admin for consent"));
  const dialog = screen.getByRole("dialog", { name: "Send to an admin" });
  expect(
    consentMessage,
    "“organizations” is no tenant in which consent could be given",
  ).not.toHaveBeenCalled();
  await user.type(within(dialog).getByLabelText("Tenant"), "contoso.com{Enter}");
  const need = { kind: "readWrite" };
  const form = {
    integration: "teams",
    need,
    cloud: "global",
    tenant: "contoso.com",
    clientId: GUID,
    method: "oauth",
  };
  expect(consentMessage).toHaveBeenCalledWith({ kind: "form", form });
});
