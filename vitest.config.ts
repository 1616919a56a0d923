import { defineConfig } from 'vitest/config'

const conditions = ['varco:source', 'module', 'node']
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['varco:source', 'node'] } },
}

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
        },
      },
      {
        ...shared,
        test: {
          name: 'db',
          include: ['packages/*/tests/**/*.db.test.ts'],
          globalSetup: ['./tests/setup/embedded-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['tests/**/*.e2e.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
