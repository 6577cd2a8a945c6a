// The pretend backend's opinion of what stands in a form. The real rules are the program's own.
import type {
  AppRegistrationForm,
  AppRegistrationVerdict,
  FieldVerdict,
  Need,
  SignInForm,
  SignInVerdict,
  TextRange,
} from "./bindings";
import { fakeDay } from "./fake-paste";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the program says of an App Registration form, roughly. */
export function inspectAppRegistration(
  form: AppRegistrationForm,
  isTaken: (name: string) => boolean,
): AppRegistrationVerdict {
  const name = nameVerdict(form.name, isTaken);
  const clientId = guidVerdict(form.clientId, "a client ID");
  const tenant = tenantVerdict(form.tenant, false);
  const secretLooksLikeId = GUID.test(form.clientSecret.trim());
  const clientSecret = secretVerdict(form, secretLooksLikeId);
  const { value, problem } = fakeDay(form.secretExpiresOn ?? "");
  const secretExpiresOn: FieldVerdict = { value, problem, suggestion: null, notes: [] };
  const secretWithin = within(form.clientSecret);
  const need = needVerdict(form.need);
  const complete = [clientId, tenant, clientSecret, secretExpiresOn, need].every(passes);
  return {
    name,
    clientId,
    clientSecret,
    tenant,
    secretExpiresOn,
    secretWithin,
    need,
    secretLooksLikeId,
    complete,
  };
}

/** The same of a form for a sign-in. */
export function inspectSignIn(form: SignInForm, isTaken: (name: string) => boolean): SignInVerdict {
  const name = nameVerdict(form.name, isTaken);
  const clientId = guidVerdict(form.clientId, "an application (client) ID");
  const tenant = tenantVerdict(form.tenant, true);
  const need = needVerdict(form.need);
  const complete = [name, clientId, tenant, need].every(passes);
  return { name, clientId, tenant, need, complete };
}

function needVerdict(need: Need): FieldVerdict {
  const empty = need.kind === "own" && need.names.length === 0;
  return verdict(null, empty ? "Choose at least one permission." : null);
}

function within(secret: string): TextRange | null {
  const start = secret.length - secret.trimStart().length;
  const bare = secret.trim();
  return bare === "" || bare === secret ? null : { start, end: start + bare.length };
}

function nameVerdict(text: string, isTaken: (name: string) => boolean): FieldVerdict {
  const value = text.trim();
  if (value === "") return verdict(null, "Enter a name.");
  return isTaken(value) ? verdict(null, "Another connection has this name.") : verdict(value, null);
}

export function guidVerdict(text: string, noun: string): FieldVerdict {
  const value = text.trim().toLowerCase();
  const notes = value.length === text.length ? [] : ["Removed spaces."];
  if (value === "") return verdict(null, `Enter ${noun}.`);
  const within = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(value)?.[0] ?? null;
  if (within !== null && !GUID.test(value))
    return verdict(null, "Only the ID is needed here.", [], within);
  return GUID.test(value)
    ? verdict(value, null, notes)
    : verdict(null, `This is not ${noun}: it has 32 digits and letters a to f.`);
}

function tenantVerdict(text: string, organizations: boolean): FieldVerdict {
  const value = text.trim().toLowerCase();
  const notes = value.length === text.length ? [] : ["Removed spaces."];
  if (value === "") return verdict(null, "Enter a tenant ID or a domain.");
  const fits =
    GUID.test(value) ||
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value) ||
    (organizations && value === "organizations");
  if (fits) return verdict(value, null, notes);
  const address = /^[^@\s]*@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/.exec(value)?.[1];
  if (address)
    return verdict(null, "This is an e-mail address; use the part after the @.", [], address);
  return verdict(null, "This is neither a tenant ID nor a domain.");
}

function secretVerdict(form: AppRegistrationForm, looksLikeId: boolean): FieldVerdict {
  if (form.clientSecret.trim() === "") return verdict(null, "Enter the client secret.");
  if (looksLikeId && !form.secretIdIsRight)
    return verdict(null, "This is the Secret ID. Paste the Value of the secret.");
  return verdict(null, null);
}

function verdict(
  value: string | null,
  problem: string | null,
  notes: string[] = [],
  suggestion: string | null = null,
): FieldVerdict {
  return { value, problem, suggestion, notes };
}

function passes(field: FieldVerdict): boolean {
  return field.problem === null;
}
