import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const FUZZ_TESTS = ['test/fuzz/**/*.test.ts']
const PROCESS_TESTS = ['test/process/**/*.test.ts', 'test/package/**/*.test.ts', 'test/shapes/**/*.test.ts']
/** A real process starts, works and ends; on a busy machine that takes a while. */
const PROCESS_TIMEOUT_MS = 60_000
/** Only so that a pattern which never comes back ends; how long an input may take is tested for each. */
const FUZZ_TIMEOUT_MS = 600_000

/**
 * Three projects: `unit` runs in parallel; `fuzz` tries 100,000 inputs each, last; `process` starts the built and packed agent in processes of its own, two files
 * at a time, after the first.
 */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...PROCESS_TESTS, ...FUZZ_TESTS],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: PROCESS_TESTS,
          globalSetup: ['test/support/process-setup.ts'],
          testTimeout: PROCESS_TIMEOUT_MS,
          hookTimeout: PROCESS_TIMEOUT_MS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'fuzz',
          include: FUZZ_TESTS,
          testTimeout: FUZZ_TIMEOUT_MS,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})

export default config
