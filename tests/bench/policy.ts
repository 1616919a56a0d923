// Twelve-field decisions: Varco's hot path beside raw CASL, Casbin and Cedar, on the same rules and questions, interleaved
// in one process. Engines that scan every rule are asked fewer questions, never easier ones.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  bundleDocumentSchema,
  bundleFiles,
  compileBundle,
  decideRecord,
  loadBundle,
  type Bundle,
} from '@varco/policy'
import { caslEngine, casbinEngine, cedarEngine, varcoEngine, type Engine } from './policy/engines.ts'
import { benchDocument, benchQuestions, benchRules } from './policy/workload.ts'

const SIZES = [10, 100, 1_000, 10_000] as const
const QUESTIONS = 2_000
const ROUNDS = 8
const ROUND_MS = 150
/** Beyond so many rules, engines that scan them all are not asked. */
const MOST_SCANNED = 1_000
const LOADS = 3

interface Contestant {
  readonly engine: Engine
  readonly size: number
}

export default async function policy(args: readonly string[]): Promise<unknown> {
  const roundMs = args.includes('--quick') ? ROUND_MS / 3 : ROUND_MS
  let mismatches = 0
  const contestants: Contestant[] = []
  for (const size of SIZES) {
    const rules = benchRules(size)
    const questions = benchQuestions(rules, QUESTIONS)
    const engines: Engine[] = [varcoEngine(rules, questions), caslEngine(rules, questions)]
    if (size <= MOST_SCANNED)
      engines.push(await casbinEngine(rules, questions), cedarEngine(rules, questions))
    mismatches += disagreements(engines, size)
    contestants.push(...engines.map((engine) => ({ engine, size })))
  }
  const rates = interleaved(contestants, roundMs)
  for (const { engine, size } of contestants) {
    const records = Math.round(rates.get(`${engine.name} ${size}`) ?? 0).toLocaleString('en')
    console.log(
      `${String(size).padStart(6)} rules  ${engine.name.padEnd(7)} ${records.padStart(12)} records/s`,
    )
  }
  const rate = (size: number, name: string): number => rates.get(`${name} ${size}`) ?? 0
  const latency = p99(1_000)
  const load = await loadTimes(10_000)
  console.log(`p99 of one record at 1,000 rules: ${latency.toFixed(2)} us, the clock's own cost included`)
  console.log(
    `10,000 rules: ${load.stored.toFixed(0)} ms from the stored bundle, ${load.files.toFixed(0)} ms from YAML files`,
  )
  return {
    bench: 'policy',
    records_per_s_1000: Math.round(rate(1_000, 'varco')),
    vs_casl: round(rate(1_000, 'varco') / rate(1_000, 'casl')),
    vs_casbin: round(rate(1_000, 'varco') / rate(1_000, 'casbin')),
    vs_cedar: round(rate(1_000, 'varco') / rate(1_000, 'cedar')),
    p99_us: round(latency),
    growth_10_10000: round(rate(10, 'varco') / rate(10_000, 'varco')),
    load_10000_ms: Math.round(load.files),
    load_10000_stored_ms: Math.round(load.stored),
    mismatches,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Questions on which an engine differs from Varco; the slow ones are asked a part of them. */
function disagreements([first, ...others]: readonly Engine[], size: number): number {
  if (first === undefined) return 0
  let found = 0
  for (const engine of others) {
    const asked =
      engine.name === 'casl' ? QUESTIONS : Math.max(50, Math.min(QUESTIONS, Math.floor(20_000 / size)))
    for (let index = 0; index < asked; index++)
      if (engine.answer(index).toSorted().join() !== first.answer(index).toSorted().join()) found += 1
  }
  return found
}

/** The best of several rounds, engines and sizes taking turns, so that the machine's moods meet them all. */
function interleaved(contestants: readonly Contestant[], roundMs: number): ReadonlyMap<string, number> {
  const best = new Map<string, number>()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { engine, size } of contestants) {
      const name = `${engine.name} ${size}`
      const rate = timed(engine, roundMs)
      // The first round warms up.
      if (round > 0) best.set(name, Math.max(best.get(name) ?? 0, rate))
    }
  }
  return best
}

let sink = 0

function timed(engine: Engine, ms: number): number {
  const batch = engine.name === 'varco' || engine.name === 'casl' ? 1_000 : 10
  const started = performance.now()
  let done = 0
  let index = 0
  while (performance.now() - started < ms) {
    for (let count = 0; count < batch; count++) {
      sink += engine.answer(index).length
      index = index + 1 === QUESTIONS ? 0 : index + 1
    }
    done += batch
  }
  return (done * 1_000) / (performance.now() - started)
}

/** Microseconds. */
function p99(size: number): number {
  const rules = benchRules(size)
  const questions = benchQuestions(rules, QUESTIONS)
  const engine = varcoEngine(rules, questions)
  timed(engine, 500)
  const samples = new Float64Array(200_000)
  for (let sample = 0; sample < samples.length; sample++) {
    const started = process.hrtime.bigint()
    sink += engine.answer(sample % QUESTIONS).length
    samples[sample] = Number(process.hrtime.bigint() - started) / 1_000
  }
  samples.sort()
  return samples[Math.floor(samples.length * 0.99)] ?? 0
}

/** Milliseconds from the stored text, and from a folder of files, to a bundle that answers; the best of a few. */
async function loadTimes(size: number): Promise<{ readonly stored: number; readonly files: number }> {
  const rules = benchRules(size)
  const document = benchDocument(rules)
  const text = JSON.stringify(document)
  const [question] = benchQuestions(rules, 1)
  const answers = (bundle: Bundle): void => {
    if (question !== undefined) sink += decideRecord(bundle, question.request, question.record)?.size ?? 0
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'varco-bench-policy-'))
  for (const [file, content] of bundleFiles({ ...document, access: [] })) await put(folder, file, content)
  for (let at = 0; at < document.access.length; at += 1_000) {
    const part = bundleFiles({ ...document, access: document.access.slice(at, at + 1_000) })
    await put(folder, `access/${String(at).padStart(6, '0')}.yaml`, part.get('access/access.yaml') ?? '')
  }
  const stored: number[] = []
  const files: number[] = []
  for (let run = 0; run < LOADS; run++) {
    const started = performance.now()
    answers(compileBundle(bundleDocumentSchema.parse(JSON.parse(text))))
    const between = performance.now()
    const loaded = await loadBundle(folder)
    if (!loaded.ok) throw new Error(loaded.problems[0]?.message ?? 'not loaded')
    answers(loaded.bundle)
    stored.push(between - started)
    files.push(performance.now() - between)
  }
  await rm(folder, { recursive: true })
  return { stored: Math.min(...stored), files: Math.min(...files) }
}

async function put(folder: string, file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
  await writeFile(path.join(folder, file), text)
}
