import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only tauri.ts, types.ts and bindings.ts of src/backend know Tauri.",
};
const insideBackend = {
  group: ["**/backend/tauri*", "**/backend/fake*", "**/backend/bindings*"],
  message: "Import the backend from src/backend/index.ts.",
};
const screens = {
  group: ["**/screens/**"],
  message: "Components know nothing of screens.",
};

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/backend/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js"] },
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "no-console": "error",
      "no-restricted-imports": ["error", { patterns: [tauri, insideBackend] }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-unnecessary-condition": "off",
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The types that svelte-check knows, ESLint does not: it takes component props for `any`.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["src/components/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri, insideBackend, screens] }] },
  },
  {
    files: ["src/backend/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri] }] },
  },
  // Errors cross the border as plain objects, so the pretend backend throws them as Tauri does.
  { files: ["src/backend/fake*.ts"], rules: { "@typescript-eslint/only-throw-error": "off" } },
  {
    files: ["src/backend/tauri.ts", "src/backend/types.ts", "src/backend/bindings.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["**/*.test.ts", "test/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri] }] },
  },
  { files: ["*.js", "*.config.ts"], ...ts.configs.disableTypeChecked },
);
