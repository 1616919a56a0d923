import type { TestProject } from 'vitest/node'
import { provideServer } from './provide-server.ts'

/** One PostgreSQL for the whole run of a project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideServer(project)
}
