/*
 * `npm run bench -- report [SMALL] [LARGE] [ACCESSES]`: the access report of a data subject of 140 accesses, the scope of a breach with
 * 20,000 disclosures and the register on logs of SMALL (500,000) and LARGE (5,000,000) events; and the report of a data subject of
 * ACCESSES (50,000), made and written in a process of its own. On a real PostgreSQL; whose records are shown is told from memory.
 * With other sizes `growth` tells what `growth_500k_5m` does not.
 */
import path from 'node:path'
import { runScript } from '../support/run-script.ts'

interface Measured {
  readonly json_ms: number
  readonly html_ms: number
  readonly pdf_ms: number
  readonly breach_ms: number
  readonly register_ms: number
}
/** What is big is not there where nobody has many accesses. */
interface MeasuredLarge extends Measured {
  readonly big_making_s?: number
  readonly big_pdf_s?: number
  readonly big_rss_mb?: number
}

const AIMS = {
  json_ms: 300,
  html_ms: 500,
  pdf_ms: 2_000,
  big_pdf_s: 60,
  big_rss_mb: 300,
  breach_ms: 2_000,
  register_ms: 1_000,
  growth: 1.5,
} as const
const SMALL = 500_000
const LARGE = 5_000_000
const ACCESSES = 50_000

export default async function bench(args: readonly string[]): Promise<unknown> {
  await runScript([path.join('node_modules', 'typescript', 'bin', 'tsc'), '-b'])
  const [small = SMALL, large = LARGE, accesses = ACCESSES] = args.map(Number)
  const measure = async (events: number, big: number): Promise<unknown> =>
    JSON.parse(
      await runScript([
        path.join(import.meta.dirname, 'report', 'measure-reports.ts'),
        ...[events, big].map(String),
      ]),
    ) as unknown
  const onSmall = (await measure(small, 0)) as Measured
  const onLarge = (await measure(large, accesses)) as MeasuredLarge
  const growth = Number((onLarge.json_ms / onSmall.json_ms).toFixed(2))
  const figures = { ...onLarge, growth }
  for (const [name, aim] of Object.entries(AIMS)) {
    const figure = figures[name as keyof typeof AIMS] ?? null
    const missed = figure !== null && figure > aim ? '  MISSED' : ''
    console.log(`${name.padEnd(16)} ${String(figure ?? 'not run').padStart(8)}  aim ${aim}${missed}`)
  }
  return {
    bench: 'report',
    ...figures,
    growth_500k_5m: small === SMALL && large === LARGE ? growth : null,
    ...{ events_small: small, events_large: large, on_small: onSmall },
  }
}
