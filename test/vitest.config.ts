import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const FUZZ_TESTS = ['test/fuzz/**/*.test.ts']
const LOAD_TESTS = ['test/load/**/*.test.ts']
const PROCESS_TESTS = ['test/process/**/*.test.ts', 'test/package/**/*.test.ts', 'test/shapes/**/*.test.ts']
/** A real process starts, works and ends; on a busy machine that takes a while. */
const PROCESS_TIMEOUT_MS = 60_000
/** Only so that a pattern which never comes back ends; how long an input may take is tested for each. */
const FUZZ_TIMEOUT_MS = 600_000

/**
 * Four projects, one after the other: `unit` runs in parallel; `process` starts the built and packed agent in processes of
 * its own, two files at a time; `fuzz` tries 100,000 inputs each; `load` keeps all processors busy, which nothing else
 * would stand beside it.
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
          exclude: [...PROCESS_TESTS, ...FUZZ_TESTS, ...LOAD_TESTS],
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
      {
        extends: true,
        test: {
          name: 'load',
          include: LOAD_TESTS,
          globalSetup: ['test/support/process-setup.ts'],
          hookTimeout: PROCESS_TIMEOUT_MS,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})

export default config
