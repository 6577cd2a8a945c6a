// What is typed and pasted into the fields of an App Registration and of OAuth.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { button, chosen, filled, opened } from "../../../test/new-connection";
import { GUID, pause, SECRET } from "../../../test/world";

it("complains about a field only once it was left, and says what it tidied", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const clientId = screen.getByLabelText("Client ID");
  await user.type(clientId, "not an id");
  expect(clientId.getAttribute("aria-invalid")).toBeNull();
  await user.tab();
  await waitFor(() => {
    expect(clientId.getAttribute("aria-invalid")).toBe("true");
  });
  await user.clear(clientId);
  await user.type(clientId, ` ${GUID} `);
  await user.tab();
  expect(await screen.findByText("Removed spaces.")).toBeTruthy();
  expect((clientId as HTMLInputElement).value).toBe(GUID);
});

it("says at once that a Secret ID is not the secret, and lets a person insist", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(screen.getByLabelText("Client secret"));
  await user.paste("11112222-bbbb-3333-cccc-4444dddd5555");
  expect(await screen.findByText(/This is the Secret ID/)).toBeTruthy();
  await user.click(screen.getByLabelText("This really is the secret's value"));
  await waitFor(() => {
    expect(screen.queryByText(/This is the Secret ID/)).toBeNull();
  });
});

it("hides the secret until asked, and keeps the browser from remembering it", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const secret = screen.getByLabelText<HTMLInputElement>("Client secret");
  expect([secret.type, secret.autocomplete, secret.getAttribute("spellcheck")]).toEqual([
    "password",
    "off",
    "false",
  ]);
  await user.click(button("Show secret"));
  expect(secret.type).toBe("text");
  expect(button("Show secret").getAttribute("aria-pressed")).toBe("true");
});

it("says what was not found in a paste", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(screen.getByLabelText("Client ID"));
  await user.paste(`Client ID: ${GUID}\nTenant ID: contoso.com`);
  expect(
    await screen.findByText(
      /^Filled in Client ID and Tenant ID from what you pasted\. There was no client secret in it\.$/,
    ),
  ).toBeTruthy();
});

it("takes a paste of all three apart and says what it filled in", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(screen.getByLabelText("Client ID"));
  await user.paste(
    `AZURE_CLIENT_ID=${GUID}\nAZURE_CLIENT_SECRET=${SECRET}\nAZURE_TENANT_ID=contoso.com`,
  );
  expect(
    await screen.findByText(
      "Filled in Client ID, Client secret and Tenant ID from what you pasted.",
    ),
  ).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
  expect(screen.getByLabelText<HTMLInputElement>("Tenant ID").value).toBe("contoso.com");
  // What is typed next moves nothing that stands under the message; only its Undo is over.
  await user.type(screen.getByLabelText("Name"), "x");
  expect(screen.getByText(/^Filled in Client ID/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Undo" }).disabled).toBe(true);
});

it("shows which tenant a domain is", async () => {
  const { user } = await opened();
  await filled(user);
  await user.tab();
  expect(
    await screen.findByText("contoso.com is tenant 5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55."),
  ).toBeTruthy();
});

it("fills the form from a paste into any field, and Undo leaves no trace and no alarm", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const json = JSON.stringify({ appId: GUID, password: SECRET, tenant: "contoso.com" });
  const tenant = screen.getByLabelText<HTMLInputElement>("Tenant ID");
  await user.click(tenant);
  await user.paste(json);
  await waitFor(() => {
    expect(tenant.value).toBe("contoso.com");
  });
  await user.click(button("Undo"));
  expect(tenant.value).toBe("");
  await pause(200);
  expect(document.querySelectorAll("[aria-invalid='true'], .problem, .note")).toHaveLength(0);
  expect(screen.getByLabelText<HTMLInputElement>("Client ID").value).toBe("");
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe("");
});

it("leaves a secret out of an OAuth form, and says so", async () => {
  const { user } = await opened();
  await chosen(user, "OAuth");
  await user.click(screen.getByLabelText("Name"));
  await user.paste(JSON.stringify({ appId: GUID, password: SECRET, tenant: "contoso.com" }));
  const said =
    "Filled in Application (client) ID and Tenant from what you pasted. The secret was left out: OAuth needs none.";
  expect(await screen.findByText(said)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Tenant").value).toBe("contoso.com");
});

it("cleans up what was pasted at once, and Undo keeps it as it was pasted", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const field = screen.getByLabelText<HTMLInputElement>("Client ID");
  await user.click(field);
  await user.paste(` ${GUID} `);
  expect(await screen.findByText("Removed spaces.")).toBeTruthy();
  expect(field.value).toBe(GUID);
  await user.click(button("Undo"));
  expect(field.value).toBe(` ${GUID} `);
  expect(document.activeElement).toBe(field);
  await user.tab();
  expect(
    await screen.findByText(`Kept exactly as you entered it. It is read as ${GUID}.`),
  ).toBeTruthy();
  expect(field.value).toBe(` ${GUID} `);
});

it("offers the tenant of an e-mail address with one click, and takes it back with another", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const field = screen.getByLabelText<HTMLInputElement>("Tenant ID");
  await user.click(field);
  await user.paste("admin@contoso.com");
  await user.click(await screen.findByRole("button", { name: "Use contoso.com" }));
  expect(field.value).toBe("contoso.com");
  expect(await screen.findByText("Region: Europe. Cloud: Microsoft 365 worldwide.")).toBeTruthy();
  await user.click(button("Undo"));
  expect(field.value).toBe("admin@contoso.com");
});

it("says which cloud a tenant belongs to, and changes to it", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  await user.click(screen.getByLabelText("Tenant ID"));
  await user.paste("contoso.us");
  expect(
    await screen.findByText("contoso.us belongs to the cloud US Government (GCC High)."),
  ).toBeTruthy();
  await user.click(button("Change to US Government (GCC High)"));
  expect(screen.getByLabelText<HTMLSelectElement>("Cloud").value).toBe("usgov");
  expect(await screen.findByText(/Cloud: US Government \(GCC High\)\.$/)).toBeTruthy();
  expect(screen.queryByText(/belongs to the cloud/)).toBeNull();
});

it("takes the spaces around a secret away and says so, and Undo puts them back for good", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const secret = screen.getByLabelText<HTMLInputElement>("Client secret");
  await user.click(secret);
  await user.paste(` ${SECRET} `);
  expect(await screen.findByText("The spaces around it were removed.")).toBeTruthy();
  expect(secret.value).toBe(SECRET);
  await user.click(button("Undo"));
  expect(secret.value).toBe(` ${SECRET} `);
  await user.tab();
  expect(await screen.findByText("Kept exactly as you entered it.")).toBeTruthy();
  expect(secret.value).toBe(` ${SECRET} `);
});

it("tests a typed secret without the spaces around it, also when the press comes at once", async () => {
  const test = vi.fn<Backend["testAppRegistration"]>(() => new Promise(() => undefined));
  const { user } = await opened({}, { testAppRegistration: test });
  await filled(user, ` ${SECRET} `);
  await user.click(button("Test Connection"));
  await waitFor(() => {
    expect(test).toHaveBeenCalledOnce();
  });
  expect(test.mock.calls[0]?.[1].clientSecret).toBe(SECRET);
});

it("says which day is understood, asks about one that can be two, and warns of one that is far away", async () => {
  const { user } = await opened();
  await chosen(user, "App Registration");
  const day = screen.getByLabelText<HTMLInputElement>("Secret expires on");
  await user.type(day, "12202026");
  expect(await screen.findByText("20 December 2026, in 25 days.")).toBeTruthy();
  await user.clear(day);
  await user.type(day, "03/05/2027");
  await user.tab();
  await user.click(await screen.findByRole("button", { name: "3 May 2027" }));
  expect(day.value).toBe("3 May 2027");
  expect(await screen.findByText(/^3 May 2027, in/)).toBeTruthy();
  await user.clear(day);
  await user.type(day, "1 Dec 2050");
  expect(
    await screen.findByText("The portal makes secrets for 24 months at most. Check the year."),
  ).toBeTruthy();
});
