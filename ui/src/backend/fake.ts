// A pretend backend for `npm run dev` in a browser and for tests of the window. It keeps everything in memory,
// reaches no network, and is in no production build.
import { fakeChecks } from "./fake-checks";
import { fakeConsent } from "./fake-consent";
import { Context, failure, type FakeWorld } from "./fake-context";
import { fakeForms } from "./fake-forms";
import { fakeKeep } from "./fake-keep";
import { fakeList } from "./fake-list";
import { fakeProve } from "./fake-prove";
import { fakeSettings } from "./fake-settings";
import { fakeSignIn } from "./fake-sign-in";
import { fakeUse } from "./fake-use";
import { example } from "./fake-world";
import type { Backend } from "./types";

export { failure, type FakeWorld } from "./fake-context";
export { reportFor } from "./fake-report";
export { example } from "./fake-world";

/** Every command in memory; nothing outside `world` is touched. */
export function fake(world: FakeWorld): Backend {
  const context = new Context(world);
  return {
    ...fakeList(context),
    ...fakeForms(context),
    ...fakeChecks(context),
    ...fakeSignIn(context),
    ...fakeConsent(context),
    ...fakeProve(context),
    ...fakeKeep(context),
    ...fakeUse(context),
    ...fakeSettings(context),
  };
}

/** `?rows=12&signIn=waits&list=fails…`, so that every state of the window can be looked at in a browser. */
export function fakeFromAddress(query: URLSearchParams): Backend {
  const rows = Number(query.get("rows") ?? "9");
  const world: FakeWorld = {
    connections: Array.from({ length: rows }, (_, index) => example(index)),
    pace: Number(query.get("pace") ?? "350"),
    listFails:
      query.get("list") === "fails"
        ? failure(
            "store",
            "The connections could not be read or saved.",
            "Start the program again.",
          )
        : null,
    keychain:
      query.get("keychain") === "locked"
        ? failure(
            "keychainLocked",
            "The keychain is locked.",
            "Unlock the keychain, then try again.",
          )
        : null,
    removalsPending: Number(query.get("removals") ?? "0"),
    signIn: (query.get("signIn") ?? "works") as NonNullable<FakeWorld["signIn"]>,
    signInSeconds: Number(query.get("seconds") ?? "300"),
    customCloud: query.has("demo"),
    test: query.get("test") ?? "fine",
    onPath: query.get("path") !== "off",
    page: (query.get("consent") ?? "works") as NonNullable<FakeWorld["page"]>,
  };
  return fake(world);
}
