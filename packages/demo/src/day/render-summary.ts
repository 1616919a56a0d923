import type { Localized } from '@varco/core'
import { GATE_REASONS, REASONS } from '@varco/policy'
import type { DaySummary } from './day-summary.ts'
import type { GrantsOfTheDay } from './play-grants.ts'

/** How the log stands after the day, as `varco log verify` found it. */
export interface LogVerdict {
  readonly verified: boolean
  readonly events: number
  /** One tree per writer: root in base64. */
  readonly roots: readonly { readonly writer: string; readonly root: string }[]
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[]
}

export interface SummaryParts {
  /** `null` when the day had been played at an earlier start. */
  readonly day: DaySummary | null
  /** `null` when there were none today, or the day had been played. */
  readonly grants: GrantsOfTheDay | null
  readonly log: LogVerdict
  /** What the watch over the log found worth asking about, by rule. */
  readonly alerts: readonly { readonly rule: string; readonly count: number }[]
  /** The sample body's run of retention; `null`: nothing was due. */
  readonly disposal: SampleDisposal | null
  /** Files of the citizen's access report. */
  readonly reports: readonly string[]
  readonly urls: readonly { readonly name: string; readonly url: string }[]
  readonly logins: readonly OfferedLogin[]
}

/** What went at its term, on whose word, and its certificate. */
export interface SampleDisposal {
  readonly rules: readonly DisposedRule[]
  readonly approvals: number
  readonly files: readonly string[]
}

export interface DisposedRule {
  readonly rule: string
  readonly because: string
  readonly done: number
  readonly kept: number
  /** What hung on its records behind upstreams, and went before them. */
  readonly upstream: readonly {
    readonly resource: string
    readonly upstream: string
    readonly done: number
  }[]
}

/** A person of the sample body worth trying. */
export interface OfferedLogin {
  /** Whose login: the body's, or a contractor's. */
  readonly at: string
  readonly username: string
  readonly password: string
  readonly does: string
}

/** How words are set off; plain text by default. */
export interface SummaryStyle {
  readonly heading: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const PLAIN: SummaryStyle = { heading: (text) => text, good: (text) => text, bad: (text) => text }

/** What `npm start` prints at the end: short, aligned, complete without colour. */
export function renderSummary(parts: SummaryParts, style: SummaryStyle = PLAIN): string {
  const { day } = parts
  const sections = [
    ...(day === null
      ? []
      : [
          section('The day', dayLines(day, style)),
          section('Why denied', denialLines(day)),
          section('Who asked', contractLines(day)),
        ]),
    ...(parts.grants === null ? [] : [section('Grants', grantLines(parts.grants, style))]),
    section('The access log', logLines(parts.log, style)),
    section('The watch over it', alertLines(parts.alerts)),
    section('What went at its term', disposalLines(parts.disposal, style)),
    section(
      day === null
        ? 'The access report'
        : `The access report of ${day.protagonist.kind} ${day.protagonist.id}`,
      parts.reports,
    ),
    section('Open in a browser', table(parts.urls.map(({ name, url }) => [name, url]))),
    section(
      'Log in as',
      table(parts.logins.map(({ at, username, password, does }) => [at, username, password, does])),
    ),
  ]
  return sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [style.heading(title), ...lines.map((line) => `  ${line}`), ''].join('\n'))
    .join('\n')
}

interface Section {
  readonly title: string
  readonly lines: readonly string[]
}

function section(title: string, lines: readonly string[]): Section {
  return { title, lines }
}

function dayLines(day: DaySummary, style: SummaryStyle): readonly string[] {
  const { requests, permitted, masked, denied, faults, putOff, mismatches, latency } = day
  return [
    `${count(requests)} requests by ${count(day.operators)} people in ${day.seconds.toFixed(1)} s; half within ${ms(latency.p50)}, 99 % within ${ms(latency.p99)}`,
    ...table(
      [
        [
          'permitted',
          count(permitted),
          share(permitted, requests),
          `of which ${count(masked)} with masked fields`,
        ],
        ['denied', count(denied), share(denied, requests)],
        ...(faults === 0 ? [] : [['failed', count(faults), share(faults, requests)]]),
        ...(putOff === 0 ? [] : [['put off', count(putOff), '', 'asked to come again, and answered then']]),
      ],
      [1, 2],
    ),
    mismatches === 0
      ? style.good('✓ every answer is the one the policy intends')
      : style.bad(`✗ answers that differ from what the policy intends: ${count(mismatches)}`),
    ...day.firstMismatches.map(
      ({ number, kind, difference, times }) =>
        `  ${count(times)} × ${kind}, such as #${number}: ${difference}`,
    ),
  ]
}

function denialLines(day: DaySummary): readonly string[] {
  const rows = Object.entries(day.deniedByCode).map(([code, times]) => [code, count(times), meaning(code)])
  return table(rows, [1])
}

function contractLines(day: DaySummary): readonly string[] {
  const rows = day.byContract.map(({ contract, requests, permitted, denied }) => [
    contract ?? 'own staff',
    count(requests),
    `permitted ${count(permitted)}`,
    `denied ${count(denied)}`,
  ])
  return table(rows, [1])
}

function grantLines({ approved, refused, problems }: GrantsOfTheDay, style: SummaryStyle): readonly string[] {
  return [
    `${approved} given by the unit that owns the record, and used; ${refused} refused`,
    problems.length === 0
      ? style.good('✓ one record was shown, and only under the grant')
      : style.bad('✗ otherwise than meant'),
    ...problems,
  ]
}

function logLines(log: LogVerdict, style: SummaryStyle): readonly string[] {
  return [
    log.verified
      ? style.good(`✓ ${count(log.events)} entries, verified`)
      : style.bad(`✗ ${count(log.events)} entries, NOT verified`),
    ...log.problems,
    ...table(log.roots.map(({ writer, root }) => [writer, `root ${root}`])),
  ]
}

function alertLines(alerts: SummaryParts['alerts']): readonly string[] {
  const total = alerts.reduce((sum, each) => sum + each.count, 0)
  const rules = alerts.map((each) => `${count(each.count)} × ${each.rule}`)
  return total === 0 ? ['nothing to ask about'] : [`${count(total)} alerts to answer: ${rules.join(', ')}`]
}

function disposalLines(disposal: SampleDisposal | null, style: SummaryStyle): readonly string[] {
  if (disposal === null) return []
  const { rules, approvals, files } = disposal
  return [
    ...rules.flatMap(({ rule, because, done, kept, upstream }) => [
      style.good(
        `✓ ${count(done)} records by ${rule}, on the word of ${approvals} people; ${count(kept)} kept`,
      ),
      ...upstream.map(
        (each) => `  before them ${count(each.done)} × ${each.resource}, over HTTP at ${each.upstream}`,
      ),
      `  ${because}`,
    ]),
    ...files,
  ]
}

const IN_WORDS: Readonly<Record<string, Localized>> = { ...REASONS, ...GATE_REASONS }

function meaning(code: string): string {
  return IN_WORDS[code]?.en ?? ''
}

/** Columns padded to their widest cell; those listed are set to the right. */
function table(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths = rows.reduce<number[]>((all, row) => {
    row.forEach((cell, column) => {
      all[column] = Math.max(all[column] ?? 0, cell.length)
    })
    return all
  }, [])
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

function count(value: number): string {
  return value.toLocaleString('en-GB')
}

function share(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part * 100) / whole)} %`
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}
