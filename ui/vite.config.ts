import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The window's content security policy allows files of its own only: nothing inline, nothing as a data URL.
export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [svelte()],
  clearScreen: false,
  // The window shows a file from above this folder, the third-party notices, and tests compare it with the program.
  server: { fs: { allow: [".."] } },
  build: {
    target: "safari16",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    // What of others is in the window, for scripts/notices.sh alone.
    license: mode === "notices" && { fileName: "notices.json" },
  },
  // Component tests need Svelte's browser build, which vitest would not pick by itself.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["./test/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
}));
