// The clouds of the pretend world: those that are built into the program, and its demo tenant.
import type { CloudId, CloudName, CloudView, SettingsView } from "./bindings";

type KnownCloud = Pick<CloudView, "id" | "name" | "portal">;

/** As the program has them, which a test compares. */
export const BUILT_IN_CLOUDS: KnownCloud[] = [
  { id: "global", name: "Microsoft 365 worldwide", portal: "https://portal.azure.com/" },
  { id: "usgov", name: "US Government (GCC High)", portal: "https://portal.azure.us/" },
  { id: "usgov-dod", name: "US Government (DoD)", portal: "https://portal.azure.us/" },
  { id: "china", name: "China (operated by 21Vianet)", portal: "https://portal.azure.cn/" },
];

const DEMO: KnownCloud = {
  id: "demo",
  name: "Demo tenant",
  portal: "http://127.0.0.1:8100/portal",
};

const DEMO_CLIENT_ID = "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b";

export function clouds(hasDemo: boolean, settings: SettingsView): CloudView[] {
  const offered = hasDemo ? [DEMO, ...BUILT_IN_CLOUDS] : BUILT_IN_CLOUDS;
  return offered.map((cloud) => ({
    ...cloud,
    custom: cloud === DEMO,
    onThisComputer: cloud === DEMO,
    defaultClientId:
      settings.clientIds.find((chosen) => chosen.cloud === cloud.id)?.clientId ??
      (cloud === DEMO ? DEMO_CLIENT_ID : null),
  }));
}

/** A cloud as a row of the list has it. */
export function cloudColumns(id: CloudId): {
  cloudId: string;
  cloud: string;
  customCloud: boolean;
} {
  return { cloudId: id, cloud: cloudName(id).name, customCloud: id === DEMO.id };
}

export function cloudName(id: CloudId): CloudName {
  const known = [DEMO, ...BUILT_IN_CLOUDS].find((cloud) => cloud.id === id);
  return { id, name: known?.name ?? id };
}
