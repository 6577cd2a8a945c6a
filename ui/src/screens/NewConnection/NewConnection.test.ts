import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend, SignInEvent } from "../../backend";
import { example, failure, type FakeWorld } from "../../backend/fake";
import { GUID, pause, SECRET, world } from "../../../test/world";
import NewConnection from "./NewConnection.svelte";

async function opened(settings: Partial<FakeWorld> = {}, change: Partial<Backend> = {}) {
  const backend = world(settings, change);
  const props = { like: null, onClose: vi.fn(), onCreated: vi.fn() };
  render(NewConnection, { props });
  await screen.findByRole("button", { name: "Microsoft Teams" });
  return { user: userEvent.setup(), backend, ...props };
}

async function chosen(user: UserEvent, method: "OAuth" | "App Registration"): Promise<void> {
  await user.click(screen.getByRole("button", { name: "Microsoft Teams" }));
  await user.click(screen.getByRole("radio", { name: method }));
}

async function filled(user: UserEvent, secret = SECRET): Promise<void> {
  await chosen(user, "App Registration");
  await user.type(screen.getByLabelText("Client ID"), GUID);
  await user.type(screen.getByLabelText("Client secret"), secret);
  await user.type(screen.getByLabelText("Tenant ID"), "contoso.com");
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

async function tested(user: UserEvent): Promise<void> {
  await user.click(button("Test Connection"));
  await screen.findByRole("region", { name: "Check report" });
}

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

it("writes to an admin from the report of a test that missed consent", async () => {
  const { user } = await opened();
  await filled(user);
  await user.click(button("Test Connection"));
  await user.click(await screen.findByRole("button", { name: "Send to an admin" }));
  expect(screen.getByRole("dialog", { name: "Send to an admin" })).toBeTruthy();
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

it("creates at once after a passing test, and names the test", async () => {
  const create = vi.fn<Backend["createAppRegistration"]>(() =>
    Promise.resolve({ row: example(1).row, notKept: "This report is not kept: the disk is full." }),
  );
  const { user, onCreated } = await opened({}, { createAppRegistration: create });
  await filled(user);
  await tested(user);
  await user.click(button("Create connection"));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: example(1).row.id }),
      "This report is not kept: the disk is full.",
    );
  });
  const [form, report] = create.mock.calls[0] ?? [];
  expect(form).toMatchObject({
    integration: "teams",
    clientId: GUID,
    clientSecret: SECRET,
    tenant: "contoso.com",
  });
  expect(report).toEqual(expect.any(Number));
});

it("does not create under a name that is taken, also after a passing test", async () => {
  const { user, onCreated } = await opened();
  await filled(user);
  const name = screen.getByLabelText("Name");
  await user.clear(name);
  await user.type(name, "MICROSOFT TEAMS");
  await tested(user);
  await user.click(button("Create connection"));
  expect(await screen.findByText("Another connection has this name.")).toBeTruthy();
  expect(document.activeElement).toBe(name);
  expect(onCreated).not.toHaveBeenCalled();
});

it("forgets the report when any field changes", async () => {
  const { user } = await opened();
  await filled(user);
  await tested(user);
  await user.type(screen.getByLabelText("Tenant ID"), "x");
  expect(screen.queryByRole("region", { name: "Check report" })).toBeNull();
});

it("keeps a passing test while only the name, the description, the tags and the shape of an ID change", async () => {
  const create = vi.fn<Backend["createAppRegistration"]>(() =>
    Promise.resolve({ row: example(1).row, notKept: null }),
  );
  const { user } = await opened({}, { createAppRegistration: create });
  await filled(user);
  await tested(user);
  await user.type(screen.getByLabelText("Name"), " of Contoso");
  await user.click(screen.getByText("More options"));
  await user.type(screen.getByLabelText("Description"), "Nightly");
  await user.type(screen.getByLabelText("Tags"), "audit");
  const clientId = screen.getByLabelText<HTMLInputElement>("Client ID");
  const entered = clientId.value;
  await user.clear(clientId);
  // An emptied field is another test, so the form is tested anew, and the same ID is then written in another way.
  await user.type(clientId, entered);
  await tested(user);
  await fireEvent.input(clientId, { target: { value: ` ${entered.toUpperCase()} ` } });
  expect(screen.getByRole("region", { name: "Check report" })).toBeTruthy();
  await user.click(button("Create connection"));
  await waitFor(() => {
    expect(create).toHaveBeenCalledOnce();
  });
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(create.mock.calls[0]?.[1], "under the number of the test").not.toBeNull();
});

it("tests and creates with one press, and keeps the report of the test", async () => {
  const { user, backend, onCreated } = await opened();
  await filled(user);
  expect(button("Test and create").className).toContain("primary");
  expect(button("Create connection").className).not.toContain("primary");
  await user.click(button("Test and create"));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledOnce();
  });
  const { id } = (await backend.listConnections()).connections.at(-1) ?? { id: "" };
  expect((await backend.connectionDetail(id)).report).not.toBeNull();
});

it("shows the report when Test and create does not pass, creates nothing, and leaves the question to Create connection", async () => {
  const { user, onCreated } = await opened();
  await filled(user, "wrong");
  await user.click(button("Test and create"));
  expect(await screen.findByText("Connection failed. The client secret was refused.")).toBeTruthy();
  expect(onCreated).not.toHaveBeenCalled();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(document.activeElement, "what is wrong, with the report in sight").toBe(
    screen.getByLabelText("Client secret"),
  );
  await user.click(button("Create connection"));
  expect(
    await screen.findByRole("alertdialog", { name: "Create although the test failed?" }),
  ).toBeTruthy();
});

it("goes to the report when Test and create could prove nothing", async () => {
  const { user, onCreated } = await opened();
  await filled(user, "busy8Q~right");
  await user.click(button("Test and create"));
  expect(await screen.findByText(/^Not tested/)).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByRole("group", { name: "Test result" }));
  expect(onCreated).not.toHaveBeenCalled();
});

it("has one main button, which creates once a test has passed", async () => {
  const { user } = await opened();
  await filled(user);
  await tested(user);
  expect(button("Create connection").className).toContain("primary");
  expect(screen.queryByRole("button", { name: "Test and create" })).toBeNull();
});

it("asks before it creates without a passing test; Go back keeps everything", async () => {
  const { user, onCreated } = await opened();
  await filled(user);
  await user.click(button("Create connection"));
  const question = await screen.findByRole("alertdialog", { name: "Create without testing?" });
  expect(document.activeElement?.textContent).toBe("Go back");
  await user.click(within(question).getByRole("button", { name: "Go back" }));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
  expect(onCreated).not.toHaveBeenCalled();
  await user.click(button("Create connection"));
  await user.click(await screen.findByRole("button", { name: "Create anyway" }));
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledOnce();
  });
  expect(onCreated.mock.calls[0]?.[0]).toMatchObject({ status: "neverTested" });
});

it("asks as well after a test that failed", async () => {
  const { user } = await opened();
  await filled(user, "wrong");
  await tested(user);
  expect(screen.getByText("Connection failed. The client secret was refused.")).toBeTruthy();
  await user.click(button("Create connection"));
  expect((await screen.findByRole("alertdialog")).textContent).toContain(
    "The last test did not pass.",
  );
});

it("stays open with everything in it when the keychain refuses", async () => {
  const { user, onCreated } = await opened({
    keychain: failure(
      "keychainLocked",
      "The keychain is locked.",
      "Unlock the keychain, then try again.",
    ),
  });
  await filled(user);
  await tested(user);
  await user.click(button("Create connection"));
  expect((await screen.findByRole("alert")).textContent).toContain(
    "Unlock the keychain, then try again.",
  );
  expect(onCreated).not.toHaveBeenCalled();
  expect(screen.getByLabelText<HTMLInputElement>("Client secret").value).toBe(SECRET);
});

it("can cancel a test", async () => {
  const { user } = await opened({ pace: 60 });
  await filled(user);
  await user.click(button("Test Connection"));
  await user.click(await screen.findByRole("button", { name: "Cancel test" }));
  expect(await screen.findByText(/^Nothing was changed/)).toBeTruthy();
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
