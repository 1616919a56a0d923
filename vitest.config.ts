import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** On two cores vitest would use one of them. */
const WORKERS = Math.max(2, availableParallelism() - 1)
/** The tests of a database wait for it, and for processes that start and are killed, as much as they compute. */
const WAITING = WORKERS + 1
const conditions = ['varco:source', 'module', 'node']
/** A module is evaluated once for a worker, not once for a file: half of the unit tests' time went there. */
const ISOLATE = false
/** Projects with another number of workers go one behind the other. */
const BEHIND = { groupOrder: 1 }
/** Of workers, and of whatever they start from sources. */
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules/.cache/compiled')
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['varco:source', 'node'] } },
}

/** What makes the tables, and the stores with the most SQL of their own. */
const ON_OLDEST = [
  'dispose-at-once',
  'engagement-store',
  'json-records',
  'log-vault',
  'migrate',
  'oversight-feed',
  'oversight-store',
  'record-writer',
  'request-store',
  'retention-schedule',
  'schema',
  'ticket-store',
  'tombstones',
].map((name) => `packages/postgres/tests/${name}.db.test.ts`)
const missing = ON_OLDEST.filter((file) => !existsSync(file))
if (missing.length > 0) throw new Error(`no such tests: ${missing.join(', ')}`)

export default defineConfig({
  ...shared,
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    reporters: process.env['CI'] === undefined ? ['default'] : ['dot'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/tests/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.e2e.test.ts'],
          isolate: ISOLATE,
          maxWorkers: WORKERS,
          sequence: BEHIND,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'db',
          include: ['packages/*/tests/**/*.db.test.ts'],
          globalSetup: ['./tests/setup/embedded-postgres.ts'],
          isolate: ISOLATE,
          maxWorkers: WAITING,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'oldest',
          // With longer rounds all that knows a database.
          include:
            process.env['VARCO_ROUNDS'] === undefined ? ON_OLDEST : ['packages/*/tests/**/*.db.test.ts'],
          globalSetup: ['./tests/setup/oldest-postgres.ts'],
          isolate: ISOLATE,
          maxWorkers: WAITING,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['tests/**/*.e2e.test.ts'],
          globalSetup: ['./tests/setup/embedded-postgres.ts', './tests/setup/browser.ts'],
          isolate: ISOLATE,
          maxWorkers: WORKERS,
          sequence: BEHIND,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
