// The list of connections, what they can be made of, and changes of one, in the pretend world.
import { INTEGRATIONS } from "./fake-catalogue";
import { promised, type Context } from "./fake-context";
import type { Backend } from "./types";

export function fakeList(context: Context) {
  const { world } = context;
  return {
    async listConnections() {
      await context.pause(0.1);
      if (world.listFails) throw world.listFails;
      return {
        connections: world.connections.map(({ row }) => ({ ...row })),
        removalsPending: world.removalsPending ?? 0,
      };
    },
    setStoreAside: () =>
      promised(() => {
        world.listFails = null;
        world.connections = [];
        return "/home/alex/.local/share/dev.graphconnect.desktop/connections.db.damaged-20261126T120000Z";
      }),
    connectionDetail: (id) => promised(() => structuredClone(context.find(id))),
    listIntegrations: () => promised(() => INTEGRATIONS),
    suggestName: (integration) =>
      promised(() => {
        const name = INTEGRATIONS.find(({ id }) => id === integration)?.name ?? "Connection";
        return context.isTaken(name) ? numbered(name, context) : name;
      }),
    suggestCopyName: (id) => promised(() => numbered(context.find(id).row.name, context)),
    updateConnection: (id, description, tags, secretExpiresOn, need) =>
      promised(() => {
        const detail = context.find(id);
        detail.description = description;
        detail.row.tags = tags;
        if (detail.row.method === "appRegistration") detail.row.expiresOn = secretExpiresOn;
        if (JSON.stringify(need) !== JSON.stringify(detail.need)) detail.row.status = "neverTested";
        // As it would come through the border: data, whatever the window keeps it in.
        detail.need = JSON.parse(JSON.stringify(need)) as typeof need;
        return detail.row;
      }),
  } satisfies Partial<Backend>;
}

function numbered(name: string, context: Context): string {
  const candidates = Array.from({ length: 99 }, (_, index) => `${name} ${String(index + 2)}`);
  return candidates.find((candidate) => !context.isTaken(candidate)) ?? name;
}
