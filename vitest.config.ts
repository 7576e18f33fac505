// How the tests run: `npm test` the fast ones, `npm run test:full` the others, `npx vitest run` all.
import { configDefaults, defineConfig } from 'vitest/config'

/** What needs Chromium, kills, the built program again and again, races, or long stories; everything else is fast. */
const FULL = [
  'test/{crash,examples,load,pages,race,release,simulation}/**/*.test.ts',
  'test/buyer/hostile-*.test.ts',
  'test/subscriptions/{charge-due,two-years}*.test.ts',
  'test/ledger/{crashes,races,random-refunds,taking-over}.test.ts',
  'test/e2e/!(clock|eras|key-not-uploaded|tool-schemas).test.ts',
]

/** What puts something in the place of a module, for this file alone. */
const MOCKED = ['test/approval/**/*.test.ts', 'test/server/{call-rate,client-info}.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...FULL, ...MOCKED],
          // A file finds the modules as an earlier one left them, and need not load them again: half of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'fast-mocked', include: MOCKED } },
      { extends: true, test: { name: 'full', include: FULL, testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
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
