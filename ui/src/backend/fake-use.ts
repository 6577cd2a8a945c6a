// How scripts use the connections of the pretend world.
import type { CallView, CommandLine, UseView } from "./bindings";
import { promised, type Context } from "./fake-context";
import type { Backend } from "./types";

export function fakeUse(context: Context) {
  return { ...scripts(context), ...commandLine(context.world.onPath ?? true) };
}

function scripts(context: Context) {
  return {
    letScriptsUse: (id, yes) =>
      promised(() => {
        const detail = context.find(id);
        detail.scriptsMayUse = yes;
        detail.scriptsMayHaveSecret &&= yes;
      }),
    letScriptsHaveSecret: (id, yes) =>
      promised(() => (context.find(id).scriptsMayHaveSecret = yes)),
    connectionUses: (id) => promised(() => older(context.find(id).uses)),
    async tryCall(call, id, path) {
      context.find(id);
      await context.pause(4);
      context.throwIfCancelled(call);
      return callOf(path);
    },
  } satisfies Partial<Backend>;
}

function commandLine(onPath: boolean) {
  let linked = false;
  const look = (): CommandLine => ({
    program: "/opt/graph-connect/graph-connect",
    found: onPath,
    link: linked ? "~/.local/bin/graph-connect" : null,
    folder: "~/.local/bin",
    folderOnPath: onPath,
    linkable: true,
    pathLine: 'export PATH="$HOME/.local/bin:$PATH"',
    environment: null,
  });
  const link = (yes: boolean): CommandLine => {
    linked = yes;
    return look();
  };
  return {
    commandLine: () => promised(look),
    putOnPath: () => promised(() => link(true)),
    takeOffPath: () => promised(() => link(false)),
  } satisfies Partial<Backend>;
}

function callOf(path: string): CallView {
  const answer: Omit<CallView, "body" | "bytes"> = {
    status: 200,
    ms: 84,
    requestId: "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9",
    keptAt: null,
    refusal: null,
    notKept: null,
  };
  if (path.startsWith("/organization")) {
    const body = JSON.stringify({
      value: [{ id: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55", displayName: "<b>Contoso</b>" }],
    });
    return { ...answer, body, bytes: body.length };
  }
  if (path.startsWith("/long"))
    return { ...answer, body: `[${"1,".repeat(131_000)}`, bytes: 3_000_000 };
  if (path.startsWith("/reports"))
    return { ...answer, status: 302, body: "", bytes: 0, ...elsewhere() };
  return { ...answer, ...forbidden(answer.requestId) };
}

function forbidden(
  traceId: string | null,
): Pick<CallView, "status" | "body" | "bytes" | "refusal"> {
  const error = "Authorization_RequestDenied";
  const text = "Insufficient privileges to complete the operation.";
  const body = JSON.stringify({ error: { code: error, message: text } });
  return {
    status: 403,
    body,
    bytes: body.length,
    refusal: {
      message: "Microsoft Graph accepted the token but not this read.",
      next: "Ask an administrator to grant the permission.",
      actor: "privilegedRoleAdministrator",
      original: {
        httpStatus: 403,
        error,
        aadsts: null,
        text,
        traceId,
        correlationId: null,
        timestamp: null,
      },
      lacking: ["User.Read.All", "Directory.Read.All"],
      kind: "application",
    },
  };
}

function elsewhere(): Pick<CallView, "keptAt" | "refusal"> {
  const keptAt = "https://reports.example.com/data/1?sig=abc";
  const next =
    "Graph Connect does not send your token there. Copy the address and open it within a few minutes: it needs no sign-in.";
  const message = "What you asked for is kept at reports.example.com.";
  return {
    keptAt,
    refusal: { message, next, actor: "you", original: null, lacking: [], kind: null },
  };
}

/** The uses that the page shows, and others before them. */
function older(uses: UseView[]): UseView[] {
  const before = Array.from({ length: 40 }, (_, index) => ({
    at: new Date(Date.now() - (index + 2) * 86_400_000).toISOString(),
    program: "report.py",
    scope: "https://graph.microsoft.com/.default",
    isSecret: false,
  }));
  return [...uses, ...before];
}
