// How the tests run.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Many tests wait for processes and time-outs more than they compute.
    maxWorkers: 3,
    maxConcurrency: 30,
    hookTimeout: 30_000,
    // What a test puts in the place of something is gone before the next one.
    restoreMocks: true,
    unstubEnvs: true,
    reporters: ['default', './test/closing-line.ts'],
  },
})
