/*
 * `npm run bench -- console [EVENTS]`: how long the server takes for each page on a log of EVENTS (200,000; the aim, under 200 ms,
 * is for 5,000,000). Pages are asked of the console itself, without a network, on a real PostgreSQL; each first twice unmeasured.
 */
import path from 'node:path'
import { runScript } from '../support/run-script.ts'

const EVENTS = '200000'

export default async function bench(args: readonly string[]): Promise<unknown> {
  await runScript([path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b'])
  const script = path.join(import.meta.dirname, 'console', 'measure-pages.ts')
  return JSON.parse(await runScript([script, args[0] ?? EVENTS])) as unknown
}
