/*
 * `npm run bench -- retention [INVOICES] [PLANNED]`: erasing INVOICES (1,000,000) due invoices and three rows of each against the
 * same rows deleted bare, in the same order and in batches as large; what an application's reads wait meanwhile; and planning
 * PLANNED (5,000,000) records. All on one PostgreSQL in a folder of its own, durable.
 */
import path from 'node:path'
import { runScript } from '../support/run-script.ts'

const INVOICES = '1000000'
const PLANNED = '5000000'

export default async function bench(args: readonly string[]): Promise<unknown> {
  await runScript([path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b'])
  const script = path.join(import.meta.dirname, 'retention', 'measure-forgetting.ts')
  // Compiled, as users have it, and with the heap of the command.
  const printed = await runScript([
    `--import=${path.join(import.meta.dirname, 'retention', 'as-shipped.ts')}`,
    script,
    args[0] ?? INVOICES,
    args[1] ?? PLANNED,
  ])
  return JSON.parse(printed) as unknown
}
