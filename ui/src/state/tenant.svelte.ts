import { asAppError, backend, type ResolvedTenant } from "../backend";
import { Latest } from "./latest";

/** Regions as the login host names them (`tenant_region_scope`); one that is not here is shown as it is. */
const REGION: Record<string, string> = {
  AF: "Africa",
  AS: "Asia",
  EU: "Europe",
  NA: "North America",
  OC: "Oceania",
  SA: "South America",
};

/**
 * Which tenant a domain stands for, where it is and in which cloud: asked without signing in. It is help and not a
 * condition: offline the form works all the same.
 */
export class TenantLookup {
  found = $state.raw<ResolvedTenant | null>(null);
  problem = $state<string | null>(null);
  readonly #latest = new Latest();
  #about = "";

  /**
   * Asks about a tenant, unless its answer is already there. A question that failed is asked again; what was said stands
   * until there is something else to say, so that nothing moves under the pointer.
   */
  async ask(cloud: string, tenant: string): Promise<void> {
    const about = `${cloud} ${tenant}`;
    if (about === this.#about && this.problem === null) return;
    if (about !== this.#about) this.forget();
    this.#about = about;
    const number = this.#latest.begin();
    try {
      const found = await backend().resolveTenant(cloud, tenant);
      if (!this.#latest.is(number)) return;
      this.found = found;
      this.problem = null;
    } catch (thrown) {
      if (this.#latest.is(number)) this.problem = asAppError(thrown).message;
    }
  }

  forget(): void {
    this.#latest.begin();
    this.#about = "";
    this.found = null;
    this.problem = null;
  }

  /** What is known of the tenant that was entered as `entered`, in a cloud of that name. */
  notes(entered: string, cloud: string): string[] {
    if (this.problem !== null) return [this.problem];
    if (!this.found) return [];
    const { tenantId, domain, region, otherCloud } = this.found;
    const name = domain ?? entered;
    const where = region === null ? [] : [`Region: ${REGION[region] ?? region}.`];
    return [
      ...(name.toLowerCase() === tenantId ? [] : [`${name} is tenant ${tenantId}.`]),
      ...(otherCloud ? where : [[...where, `Cloud: ${cloud}.`].join(" ")]),
    ].filter((note) => note !== "");
  }
}
