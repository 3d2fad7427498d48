import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  resolve: { alias: { sluice: fileURLToPath(new URL("./src/index.ts", import.meta.url)) } },
  test: {
    pool: "forks",
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts", "test/*.test.ts"], testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: "chaos",
          include: ["test/chaos/**/*.test.ts"],
          exclude: ["test/chaos/release/**"],
          setupFiles: ["test/chaos/replay-seed.ts"],
          testTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: {
          name: "release",
          include: ["test/chaos/release/**/*.test.ts", "test/release/**/*.test.ts"],
          globalSetup: ["test/fixtures/build-program.ts"],
          testTimeout: 1_200_000,
        },
      },
      {
        extends: true,
        test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: "durability",
          include: ["test/durability/**/*.test.ts"],
          globalSetup: ["test/fixtures/build-program.ts"],
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: "network", include: ["test/network/**/*.test.ts"], testTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: "security",
          include: ["test/security/**/*.test.ts"],
          globalSetup: ["test/fixtures/build-program.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/fixtures/build-program.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
