// What the program can do for the window, as the commands of Rust say it.
import type { Channel } from "@tauri-apps/api/core";

import type { Change, commands } from "./bindings";

/** A change of one connection. */
export type ConnectionChange = Extract<Change, { kind: "connection" }>;

/** Tauri brings progress over a channel; the window hears of it in a function. */
type Given<Parameter> = Parameter extends Channel<infer Event> ? (event: Event) => void : Parameter;

/** Where nothing comes back but that it was done, whatever comes is taken for that. */
type Returned<Result> = Result extends Promise<null | void> ? Promise<unknown> : Result;

type Call<Command> = Command extends (...given: infer Parameters) => infer Result
  ? (...given: { [Index in keyof Parameters]: Given<Parameters[Index]> }) => Returned<Result>
  : never;

/**
 * Every command, documented where it is written. Each promise rejects with an `AppError`.
 *
 * `check`, `run`, `call` and `signIn` are numbers that the window picks: what runs under one is stopped by `cancelCheck` or
 * `cancelSignIn`. Of a test, the findings come one by one until the promise resolves with the report; of a sign-in, it
 * resolves with the link once the listener is ready, and the events go on. The `report` that a connection is created with
 * is the number of the check that tested exactly this form, or null.
 */
export type Backend = { [Name in keyof typeof commands]: Call<(typeof commands)[Name]> };
