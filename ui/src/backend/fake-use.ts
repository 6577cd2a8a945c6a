// How scripts use the connections of the pretend world.
import type { Backend } from "./index";
import type { CommandLine, ConnectionDetail, UseView } from "./bindings";

interface Parts {
  find: (id: string) => ConnectionDetail;
  onPath: boolean;
}

type Use = Pick<Backend, "letScriptsUse" | "connectionUses" | "commandLine" | "putOnPath" | "takeOffPath">;

export function fakeUse({ find, onPath }: Parts): Use {
  let linked = false;
  const look = (): CommandLine => ({
    program: "/opt/graph-connect/graph-connect",
    found: onPath,
    link: linked ? "~/.local/bin/graph-connect" : null,
    folder: "~/.local/bin",
    folderOnPath: onPath,
    linkable: true,
    pathLine: 'export PATH="$HOME/.local/bin:$PATH"',
  });
  const link = (yes: boolean): CommandLine => {
    linked = yes;
    return look();
  };
  return {
    letScriptsUse: (id, yes) => promise(() => (find(id).scriptsMayUse = yes)),
    connectionUses: (id) => promise(() => older(find(id).uses)),
    commandLine: () => promise(look),
    putOnPath: () => promise(() => link(true)),
    takeOffPath: () => promise(() => link(false)),
  };
}

/** The uses that the page shows, and others before them. */
function older(uses: UseView[]): UseView[] {
  const before = Array.from({ length: 40 }, (_, index) => ({
    at: new Date(Date.now() - (index + 2) * 86_400_000).toISOString(),
    program: "report.py",
    scope: "https://graph.microsoft.com/.default",
  }));
  return [...uses, ...before];
}

function promise<T>(answer: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(answer());
  });
}
