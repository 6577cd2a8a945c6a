// What the pretend backend says of what is being entered.
import { cloudName } from "./fake-clouds";
import { failure, promised, type Context } from "./fake-context";
import { fakeDay, fakePaste } from "./fake-paste";
import { inspectAppRegistration, inspectSignIn } from "./fake-verdicts";
import type { Backend } from "./types";

export function fakeForms(context: Context) {
  const isTaken = (name: string): boolean => context.isTaken(name);
  return {
    inspectAppRegistration: (form) => promised(() => inspectAppRegistration(form, isTaken)),
    inspectSignIn: (form) => promised(() => inspectSignIn(form, isTaken)),
    readPasted: (text) => promised(() => fakePaste(text)),
    inspectDay: (text) => promised(() => fakeDay(text)),
    async resolveTenant(cloud, tenant) {
      await context.pause();
      if (tenant.startsWith("nowhere"))
        throw failure("refused", `No tenant is called ${tenant} in this cloud.`);
      const government = tenant.endsWith(".us");
      return {
        tenantId: "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55",
        domain: tenant.includes(".") ? tenant : null,
        region: government ? "USGov" : "EU",
        otherCloud: cloud === "global" && government ? cloudName("usgov") : null,
      };
    },
  } satisfies Partial<Backend>;
}
