// The pretend world that the tests start in: quick, and with a few connections unless they say otherwise.
import { install, type Backend, type ConnectionDetail } from "../src/backend";
import { example, fake, type FakeWorld } from "../src/backend/fake";

export const GUID = "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b";
export const SECRET = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~";

/** Installs a pretend backend; `change` replaces single answers of it. */
export function world(settings: Partial<FakeWorld> = {}, change: Partial<Backend> = {}): Backend {
  const installed = { ...fake({ connections: examples(3), pace: 0, ...settings }), ...change };
  install(installed);
  return installed;
}

export function examples(count: number): ConnectionDetail[] {
  return Array.from({ length: count }, (_, index) => example(index));
}

/** Lets so many milliseconds go by, and all that is due in them happen. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
