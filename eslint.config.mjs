// Style and types by the presets; the import rules of ARCHITECTURE.md by hand.
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Forbids imports of the named top-level folders, with the reason. */
const forbid = (folders, because) => ({
  "@typescript-eslint/no-restricted-imports": [
    "error",
    { patterns: [{ regex: `^(\\.\\./)+(${folders.join("|")})(/|$)`, message: because }] },
  ],
});
const everyoneElse = ["test", "bench", "sandbox", "toolchain"];

export default defineConfig(
  { ignores: ["node_modules/", ".tools/", ".sandbox/", "**/*.cjs"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "error",
      // Plain objects stand for the client library's classes everywhere.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-misused-spread": "off",
      eqeqeq: "error",
    },
  },
  {
    files: ["model/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^@(pulumi|kubernetes)/", message: "model/ knows neither Pulumi nor a cluster." },
            {
              regex: `^(\\.\\./)+(components|stacks|policy-pack|${everyoneElse.join("|")})(/|$)`,
              message: "model/ imports only itself.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["components/**/*.ts"],
    rules: forbid(["stacks", "policy-pack", ...everyoneElse], "components/ imports only model/."),
  },
  {
    files: ["policy-pack/**/*.ts"],
    rules: forbid(["stacks", "components", ...everyoneElse], "policy-pack/ imports only model/."),
  },
  {
    files: ["stacks/**/*.ts", "index.ts"],
    rules: forbid(
      ["policy-pack", ...everyoneElse],
      "What a user deploys needs no sandbox, toolchain or test.",
    ),
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // Mocha's `it` takes promises, and its chains are not awaited.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [] }],
    },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
