import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// A busy machine may take its time; what is waited for ends the wait as soon as it is there.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
