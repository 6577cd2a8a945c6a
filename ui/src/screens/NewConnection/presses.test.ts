// Presses that come before the window has had an answer, and answers that come after the person has gone on.
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Backend } from "../../backend";
import { failure, type FakeWorld } from "../../backend/fake";
import { GUID, pause, SECRET, world } from "../../../test/world";
import NewConnection from "./NewConnection.svelte";

const OTHER = "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55";

type Command = "inspectAppRegistration" | "inspectSignIn" | "resolveTenant" | "suggestName";

/** One answer of the backend that waits until it is let go, in whichever order. */
function held(name: Command) {
  const waiting: (() => void)[] = [];
  const asked = vi.fn();
  const over = (backend: Backend): Partial<Backend> => {
    const commands = backend as unknown as Record<
      Command,
      (...given: unknown[]) => Promise<unknown>
    >;
    const { [name]: command } = commands;
    const late = (...given: unknown[]): Promise<unknown> => {
      asked(...given);
      return new Promise((resolve, reject) => {
        waiting.push(() => void command(...given).then(resolve, reject));
      });
    };
    return { [name]: late };
  };
  const all = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  return { over, waiting, asked, all };
}

/** What has been let go has arrived. */
async function arrived(): Promise<void> {
  await pause(0);
}

async function refused<T>(): Promise<T> {
  await Promise.resolve();
  throw failure("store", "The store is busy.") as unknown as Error;
}

async function opened(
  settings: Partial<FakeWorld> = {},
  change: (backend: Backend) => Partial<Backend> = () => ({}),
) {
  const backend = world(settings, change(world(settings)));
  const props = { like: null, onClose: vi.fn(), onCreated: vi.fn() };
  render(NewConnection, { props });
  await screen.findByRole("button", { name: "Microsoft Teams" });
  const user = userEvent.setup();
  await user.click(button("Microsoft Teams"));
  return { user, backend, ...props };
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole("button", { name });
}

function input(label: string): HTMLInputElement {
  return screen.getByLabelText<HTMLInputElement>(label);
}

async function filled(user: UserEvent): Promise<void> {
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  await user.type(input("Client ID"), GUID);
  await user.type(input("Tenant ID"), "contoso.com");
  await user.type(input("Client secret"), SECRET);
}

it("keeps a press on Test Connection that comes before the form was looked at, and tests once", async () => {
  const test = vi.fn<Backend["testAppRegistration"]>(() => new Promise(() => undefined));
  const looks = held("inspectAppRegistration");
  const { user } = await opened({}, (backend) => ({
    ...looks.over(backend),
    testAppRegistration: test,
  }));
  await filled(user);
  expect(button("Test Connection").disabled).toBe(false);
  await user.click(button("Test Connection"));
  await user.click(button("Test Connection"));
  expect(test).not.toHaveBeenCalled();
  await waitFor(() => {
    looks.all();
    expect(test).toHaveBeenCalledOnce();
  });
  await user.click(button("Test Connection"));
  looks.all();
  expect(test).toHaveBeenCalledOnce();
});

it("tests what stands in the form by the time it was looked at, though it was typed on after the press", async () => {
  const test = vi.fn<Backend["testAppRegistration"]>(() => new Promise(() => undefined));
  const looks = held("inspectAppRegistration");
  const { user } = await opened({}, (backend) => ({
    ...looks.over(backend),
    testAppRegistration: test,
  }));
  await filled(user);
  await user.click(button("Test Connection"));
  await user.type(input("Tenant ID"), ".au");
  await user.tab();
  await waitFor(() => {
    looks.all();
    expect(test).toHaveBeenCalledOnce();
  });
  expect(test.mock.calls[0]?.[1].tenant).toBe("contoso.com.au");
});

it("goes to what is missing, with its text selected, when Test Connection is pressed too early", async () => {
  const test = vi.fn<Backend["testAppRegistration"]>();
  const { user } = await opened({}, () => ({ testAppRegistration: test }));
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  await user.click(button("Test Connection"));
  await waitFor(() => {
    expect(document.activeElement).toBe(input("Client ID"));
  });
  await user.type(input("Client ID"), GUID);
  await user.type(input("Client secret"), SECRET);
  await user.type(input("Tenant ID"), "not a tenant");
  await user.click(button("Test Connection"));
  await waitFor(() => {
    expect(document.activeElement).toBe(input("Tenant ID"));
  });
  expect([input("Tenant ID").selectionStart, input("Tenant ID").selectionEnd]).toEqual([
    0,
    "not a tenant".length,
  ]);
  expect(test).not.toHaveBeenCalled();
});

it("keeps Enter in the last field, which tests and creates, and does it once", async () => {
  const looks = held("inspectAppRegistration");
  const test = vi.fn<Backend["testAppRegistration"]>();
  const { user, onCreated } = await opened({}, (backend) => {
    test.mockImplementation((...given) => backend.testAppRegistration(...given));
    return { ...looks.over(backend), testAppRegistration: test };
  });
  await filled(user);
  await user.keyboard("{Enter}{Enter}");
  await waitFor(() => {
    looks.all();
    expect(onCreated).toHaveBeenCalledOnce();
  });
  expect(test).toHaveBeenCalledOnce();
});

it("keeps a press on Create connection that comes before the form was looked at, and asks once", async () => {
  const looks = held("inspectAppRegistration");
  const { user } = await opened({}, (backend) => ({ ...looks.over(backend) }));
  await filled(user);
  await user.dblClick(button("Create connection"));
  await waitFor(() => {
    looks.all();
    expect(screen.getAllByRole("alertdialog")).toHaveLength(1);
  });
});

/** A test of the backend's that passes only after it was told to, also when it is told before it has come that far. */
function slowTest() {
  let pass: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (pass = resolve));
  const ended = vi.fn();
  const over = (backend: Backend): Partial<Backend> => ({
    testAppRegistration: async (...given) => {
      const report = await backend.testAppRegistration(...given);
      await told;
      ended();
      return report;
    },
  });
  const passed = async (): Promise<void> => {
    pass();
    await waitFor(() => {
      expect(ended).toHaveBeenCalledOnce();
    });
    await pause(100);
  };
  return { over, pass: passed };
}

it("does not create what was typed over while its test ran, though that test passed", async () => {
  const slow = slowTest();
  const { user, onCreated } = await opened({}, slow.over);
  await filled(user);
  await user.click(button("Test and create"));
  await screen.findByRole("region", { name: "Test in progress" });
  await user.type(input("Client secret"), "x");
  await slow.pass();
  expect(onCreated).not.toHaveBeenCalled();
});

it("creates under the name that was written while the test ran", async () => {
  const slow = slowTest();
  const { user, onCreated } = await opened({}, slow.over);
  await filled(user);
  await user.click(button("Test and create"));
  await screen.findByRole("region", { name: "Test in progress" });
  await user.clear(input("Name"));
  await user.type(input("Name"), "Contoso");
  await slow.pass();
  await waitFor(() => {
    expect(onCreated).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ name: "Contoso" }),
      null,
    );
  });
});

it("creates nothing while it asks whether to discard", async () => {
  const slow = slowTest();
  const { user, onCreated } = await opened({}, slow.over);
  await filled(user);
  await user.click(button("Test and create"));
  await screen.findByRole("region", { name: "Test in progress" });
  await user.keyboard("{Escape}");
  await screen.findByRole("alertdialog", { name: "Discard this connection?" });
  await slow.pass();
  expect(onCreated).not.toHaveBeenCalled();
});

it("keeps a press on Sign in with Microsoft, also the one that a second look at the form overtakes", async () => {
  const begin = vi.fn<Backend["beginSignIn"]>(() => new Promise(() => undefined));
  const looks = held("inspectSignIn");
  const { user } = await opened({}, (backend) => ({ ...looks.over(backend), beginSignIn: begin }));
  await user.type(input("Application (client) ID"), `${GUID}{Enter}`);
  await user.click(input("Tenant"));
  await user.tab();
  await user.click(button("Copy sign-in link"));
  await waitFor(() => {
    looks.all();
    expect(begin).toHaveBeenCalledOnce();
  });
  expect(begin.mock.calls[0]?.[2]).toBe("browser");
});

it("says why a press came to nothing when the form could not be looked at", async () => {
  const inspectSignIn: Backend["inspectSignIn"] = () => refused();
  const { user } = await opened({}, () => ({ inspectSignIn }));
  await user.click(button("Sign in with Microsoft"));
  expect((await screen.findByRole("alert")).textContent).toContain("The store is busy.");
});

it.each(["in order", "the other way round"])(
  "leaves what is typed anew alone when the answers about the old text come late, %s",
  async (order) => {
    const looks = held("inspectAppRegistration");
    const { user } = await opened({}, (backend) => ({ ...looks.over(backend) }));
    await user.click(screen.getByRole("radio", { name: "App Registration" }));
    const field = input("Client ID");
    await user.type(field, `${GUID} `);
    await user.tab();
    await user.clear(field);
    await user.type(field, OTHER.slice(0, 8));
    await user.click(input("Tenant ID"));
    await user.click(field);
    await user.type(field, "-");
    const asked = looks.waiting.splice(0);
    expect(asked.length).toBeGreaterThan(1);
    for (const go of order === "in order" ? asked : asked.reverse()) go();
    await arrived();
    expect(field.value).toBe(`${OTHER.slice(0, 8)}-`);
  },
);

it("leaves a field that was typed into after a paste as it is when the answer about the paste comes", async () => {
  const looks = held("inspectAppRegistration");
  const { user } = await opened({}, (backend) => ({ ...looks.over(backend) }));
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  await user.click(input("Client ID"));
  await user.paste(`Client ID: ${GUID.toUpperCase()}\nTenant ID: Contoso.com`);
  await waitFor(() => {
    expect(input("Tenant ID").value).toBe("Contoso.com");
  });
  const about = looks.waiting.splice(0);
  await user.clear(input("Tenant ID"));
  await user.type(input("Tenant ID"), "fab");
  for (const go of about) go();
  await arrived();
  expect(input("Tenant ID").value).toBe("fab");
});

it("does not write a suggested name over one that was typed, nor into one that was emptied again", async () => {
  const names = held("suggestName");
  const { user, onClose } = await opened({}, (backend) => ({ ...names.over(backend) }));
  const name = input("Name");
  expect(document.activeElement).toBe(name);
  await user.type(name, "x{Backspace}");
  await user.type(input("Tenant"), ".example");
  names.all();
  await arrived();
  expect(name.value).toBe("");
  await user.keyboard("{Escape}");
  expect(await screen.findByRole("alertdialog", { name: "Discard this connection?" })).toBeTruthy();
  expect(onClose).not.toHaveBeenCalled();
});

it("says nothing of an integration that was left again, and begins nothing for it", async () => {
  const begin = vi.fn<Backend["beginSignIn"]>(() => new Promise(() => undefined));
  const looks = held("inspectSignIn");
  const names = held("suggestName");
  const { user } = await opened({}, (backend) => ({
    ...looks.over(backend),
    beginSignIn: begin,
    ...names.over({ ...backend, suggestName: () => refused() }),
  }));
  await user.type(input("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  await user.click(button("Back"));
  await user.click(button("Discard"));
  const late = names.waiting.splice(0);
  looks.all();
  for (const go of late) go();
  await arrived();
  expect(begin).not.toHaveBeenCalled();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("forgets the tenant of the other method, also when its answer comes late", async () => {
  const tenants = held("resolveTenant");
  const { user } = await opened({}, (backend) => ({ ...tenants.over(backend) }));
  await user.clear(input("Tenant"));
  await user.type(input("Tenant"), "contoso.com");
  await user.tab();
  await waitFor(() => {
    expect(tenants.asked).toHaveBeenCalledOnce();
  });
  await user.click(screen.getByRole("radio", { name: "App Registration" }));
  tenants.all();
  await arrived();
  expect(screen.queryByText(/is tenant/)).toBeNull();
});

it("begins anew when a sign-in was given up before its link came", async () => {
  const begin = vi.fn<Backend["beginSignIn"]>(() => new Promise(() => undefined));
  const { user } = await opened({}, () => ({ beginSignIn: begin }));
  await user.type(input("Application (client) ID"), GUID);
  await user.click(button("Sign in with Microsoft"));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Sign in with Microsoft" }));
  await waitFor(() => {
    expect(begin).toHaveBeenCalledTimes(2);
  });
});
