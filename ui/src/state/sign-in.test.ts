import { expect, it, vi } from "vitest";

import type { SignInEvent } from "../backend";
import { failure } from "../backend/fake";
import { world } from "../../test/world";
import { SignIn } from "./sign-in.svelte";

const WAITING: SignInEvent = {
  kind: "waiting",
  deadline: "2026-06-15T12:05:00Z",
  redirectUri: "http://localhost:53412",
};

async function begun(): Promise<{ signIn: SignIn; send: (event: SignInEvent) => void }> {
  const signIn = new SignIn();
  let send: (event: SignInEvent) => void = () => undefined;
  await signIn.begin("browser", (_number, _mode, onEvent) => {
    send = onEvent;
    return Promise.resolve("https://login.example/authorize");
  });
  return { signIn, send };
}

it("waits, exchanges and checks in the order of the events", async () => {
  world();
  const { signIn, send } = await begun();
  expect(signIn.phase.at).toBe("opening");
  send(WAITING);
  expect(signIn.phase).toMatchObject({ at: "waiting", deadline: WAITING.deadline });
  send({ kind: "exchanging" });
  expect(signIn.phase.at).toBe("exchanging");
  send({ kind: "checking" });
  expect(signIn.phase.at).toBe("checking");
  expect(signIn.busy).toBe(true);
});

it("takes hints without leaving the wait", async () => {
  world();
  const { signIn, send } = await begun();
  send(WAITING);
  send({ kind: "anotherProgram" });
  send({ kind: "returnedWithoutAnswer" });
  send({ kind: "browserFailed", message: "No browser could be opened." });
  expect(signIn.phase.at).toBe("waiting");
  expect(signIn).toMatchObject({ anotherProgram: true, returnedWithoutAnswer: true });
  expect(signIn.browserFailed).toBe("No browser could be opened.");
});

it("can never be finished by an answer that comes after Cancel", async () => {
  const cancelSignIn = vi.fn(() => Promise.resolve());
  world({}, { cancelSignIn });
  const { signIn, send } = await begun();
  send(WAITING);
  await signIn.cancel();
  send({ kind: "checking" });
  expect(cancelSignIn).toHaveBeenCalledOnce();
  expect(signIn.phase.at).toBe("idle");
});

it("keeps why it failed, and starts clean the next time", async () => {
  world();
  const { signIn, send } = await begun();
  send({ kind: "anotherProgram" });
  send({ kind: "failed", error: failure("expired", "Five minutes are over.") });
  expect(signIn.phase).toMatchObject({ at: "failed", error: { code: "expired" } });
  expect(signIn.busy).toBe(false);
  await signIn.begin("link", () => Promise.resolve("https://login.example/2"));
  expect(signIn).toMatchObject({
    anotherProgram: false,
    link: "https://login.example/2",
    mode: "link",
  });
});

it("says so when it cannot even begin", async () => {
  world();
  const signIn = new SignIn();
  // As Tauri rejects: with a plain object.
  const refused = failure("listener", "No port could be opened.");
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  await signIn.begin("browser", () => Promise.reject(refused));
  expect(signIn.phase).toMatchObject({ at: "failed", error: { code: "listener" } });
});

it("puts the link on the clipboard in link mode only, and says whether it is there", async () => {
  world();
  const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  const signIn = new SignIn();
  const begin = () => Promise.resolve("https://login.example/authorize");
  await signIn.begin("browser", begin);
  expect(writeText).not.toHaveBeenCalled();
  await signIn.begin("link", begin);
  expect(writeText).toHaveBeenCalledWith("https://login.example/authorize");
  expect(signIn.copied).toBe(true);
  writeText.mockRejectedValue(new Error("not allowed"));
  await signIn.begin("link", begin);
  expect(signIn).toMatchObject({ copied: false, phase: { at: "opening" } });
});
