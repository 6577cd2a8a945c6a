// What the pretend backend knows of integrations and permissions: what the program itself offers, written by its tests.
import type { IntegrationView } from "./bindings";
import integrations from "./fake-integrations.json";

export const INTEGRATIONS = integrations as IntegrationView[];
