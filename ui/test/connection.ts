// The page of one connection, opened in the pretend world.
import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { vi } from "vitest";

import type { Backend } from "../src/backend";
import { example, type FakeWorld } from "../src/backend/fake";
import Connection from "../src/screens/Connection/Connection.svelte";
import { examples, world } from "./world";

export const APP = example(0);
export const OAUTH = example(1);

export async function opened(
  id: string,
  settings: Partial<FakeWorld> = {},
  change: Partial<Backend> = {},
) {
  const backend = world({ connections: examples(3), ...settings }, change);
  const props = {
    id,
    onBack: vi.fn(),
    onDeleted: vi.fn(),
    onDuplicate: vi.fn(),
    onDuplicated: vi.fn(),
    onRenamed: vi.fn(),
  };
  render(Connection, { props });
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), backend, ...props };
}
