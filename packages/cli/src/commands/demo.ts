import { once } from 'node:events'
import path from 'node:path'
import type { LogVerdict as FullVerdict } from '@varco/access-log'
import type { Json } from '@varco/core'
import {
  grantTickets,
  planDay,
  playDay,
  playGrants,
  renderSummary,
  sampleCast,
  sampleCorrections,
  sampleIssuers,
  SAMPLE_SEED,
  type DaySummary,
  type GrantsOfTheDay,
  type LogVerdict,
  type SummaryParts,
} from '@varco/demo'
import { postgresOversightStore } from '@varco/postgres'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { disposeOfSample } from '../compose/sample-disposal.ts'
import { startDemoStack, pseudonymOf, type DemoStack } from '../compose/demo-stack.ts'
import { readPlayedDay, rememberPlayedDay } from '../compose/demo-state.ts'
import type { ExitCode, Output } from '../output.ts'
import { verifyWithProgress } from './log.ts'
import { writeSubjectReport } from './report.ts'

interface DemoOptions {
  readonly once?: true
  readonly again?: true
}

export function registerDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('the sample body: fills it, plays a day at its contact centre, and stays up to be looked at')
    .option('--once', 'end after the summary')
    .option('--again', 'play the day again, though it was played')
    .addHelpText('after', '\nExample:\n  $ varco demo --once')
    .action((options: DemoOptions) => run(demoWork(options)))
}

function demoWork(options: DemoOptions): CommandWork {
  return async ({ config, output, stop }) => {
    // The demo's technical log would drown what it has to say; VARCO_LOG_LEVEL brings it back.
    await using stack = await startDemoStack({
      config: { ...config, VARCO_LOG_LEVEL: quieter(config.VARCO_LOG_LEVEL) },
      output,
    })
    if (stack === null) return 1
    const earlier =
      options.again === true ? null : await readPlayedDay(stack.services.home, stack.sample.loadedAt)
    const day = earlier ?? (await play(stack, output, stop))
    if (stop.aborted) return 1
    const grants = earlier === null ? await playTheGrants(stack) : null
    output.note('disposing of what is due')
    const disposal = await disposeOfSample(stack.services)
    const verdict = await verifyWithProgress(stack.services, output)
    output.note('writing the access report of one citizen')
    const report = await writeSubjectReport(stack.services, {
      identifier: null,
      dataSubjects: [day.protagonist],
      requestedBy: pseudonymOf('dpo'),
    })
    await stack.serving.watchNow()
    const alerts = await alertsOfTheDay(stack.services)
    const shown = summaryParts(stack, day, verdict, [report.pdf, report.html, report.json])
    const parts = { ...shown, grants, alerts, disposal }
    const { style } = output
    output.answer(
      toJson(parts),
      renderSummary(parts, { heading: style.bold, good: style.green, bad: style.red }),
    )
    const exitCode: ExitCode = verdict.ok && isAsMeant(day, grants) ? 0 : 1
    if (options.once === true || stop.aborted) return exitCode
    output.note('Ctrl-C ends it.')
    await once(stop, 'abort')
    output.note('stopping')
    return exitCode
  }
}

function isAsMeant({ mismatches, faults }: DaySummary, grants: GrantsOfTheDay | null): boolean {
  return mismatches === 0 && faults === 0 && (grants?.problems ?? []).length === 0
}

function quieter(level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): typeof level {
  return level === 'info' ? 'error' : level
}

async function play(
  { services, identityProvider, serving, sample }: DemoStack,
  output: Output,
  stop: AbortSignal,
): Promise<DaySummary> {
  const cast = sampleCast({ now: sample.loadedAt, producers: sample.producers })
  const plan = planDay(cast, { seed: SAMPLE_SEED })
  const bar = output.progress('playing the day', plan.requests.length)
  const day = await playDay({
    plan,
    proxyUrl: serving.proxyUrl ?? '',
    addresses: identityProvider.addresses,
    audience: services.config.VARCO_AUDIENCE,
    stop,
    onProgress: (done) => {
      bar.advance(done)
    },
  })
  bar.end()
  if (!stop.aborted) await rememberPlayedDay(services.home, sample.loadedAt, day)
  return day
}

/** Somebody is refused, asks, and is let in or not: by people of the body, through the proxy like everything else. */
async function playTheGrants({
  services,
  identityProvider,
  serving,
  sample,
}: DemoStack): Promise<GrantsOfTheDay | null> {
  const cast = sampleCast({ now: sample.loadedAt, producers: sample.producers })
  const about = grantTickets(cast).map(({ dataSubject }) => dataSubject)
  const corrections = await sampleCorrections(services.databases.records.pool, about)
  const { addresses } = identityProvider
  return playGrants({ cast, corrections, addresses, proxyUrl: serving.proxyUrl ?? '' })
}

function summaryParts(
  { serving, identityProvider }: DemoStack,
  day: DaySummary,
  verdict: FullVerdict,
  reports: readonly string[],
): Omit<SummaryParts, 'alerts' | 'grants' | 'disposal'> {
  return {
    day,
    log: summaryVerdict(verdict),
    reports: reports.map((file) => path.relative(process.cwd(), file)),
    urls: [
      { name: 'console', url: serving.consoleUrl ?? '' },
      { name: 'proxy', url: serving.proxyUrl ?? '' },
      { name: 'identity provider', url: identityProvider.url },
    ],
    logins: offeredLogins(),
  }
}

/** By rule, most frequent first. */
async function alertsOfTheDay({ databases }: DemoStack['services']): Promise<SummaryParts['alerts']> {
  const raised = await postgresOversightStore(databases.state).alerts({ state: 'open', limit: 1_000 })
  return [...Map.groupBy(raised, ({ rule }) => rule)]
    .map(([rule, alike]) => ({ rule, count: alike.length }))
    .sort((a, b) => b.count - a.count)
}

function summaryVerdict(verdict: FullVerdict): LogVerdict {
  return {
    verified: verdict.ok,
    events: verdict.events,
    roots: verdict.trees.map(({ writer, root }) => ({ writer, root })),
    problems: verdict.findings.map(({ kind, text }) => `${kind}: ${text}`),
  }
}

/** Those of the sample body worth trying. */
function offeredLogins(): SummaryParts['logins'] {
  return sampleIssuers().flatMap(({ path: at, people }) =>
    people.flatMap(({ username, password, does }) =>
      does === undefined ? [] : [{ at, username, password, does: does.en }],
    ),
  )
}

function toJson(parts: SummaryParts): Json {
  return JSON.parse(JSON.stringify(parts)) as Json
}
