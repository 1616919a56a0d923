import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { actDraft } from '@varco/access-log'
import type { Json, Locale } from '@varco/core'
import {
  driftTable,
  friction,
  frictionTable,
  lastMonthTold,
  proposeAmendments,
  scopeDrift,
  tableCsv,
  tableHtml,
  tableText,
  ticketIntegrity,
  ticketTable,
  type ReportTable,
} from '@varco/oversight'
import { bundleFiles, diffText } from '@varco/policy'
import {
  driftCsv,
  makeDriftReport,
  makeTicketReport,
  ticketCsv,
  type DriftReportDeps,
  type Report,
  type WrittenReport,
} from '@varco/reports'
import { postgresOversightFigures } from '@varco/postgres'
import { InvalidArgumentError, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { countedWork } from '../compose/declared-work.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { saveReport } from '../compose/save-report.ts'
import { openServices, type Services } from '../compose/services.ts'
import { countAccessesByTicket } from '../compose/ticket-counts.ts'
import type { Output } from '../output.ts'
import {
  endOf,
  readMoment,
  startOf,
  withReportOptions,
  type Moment,
  type ReportOptions,
} from './report-options.ts'

interface MonthOptions extends ReportOptions {
  readonly from: string
  readonly to: string
}

export function registerReportOversight(report: Command, run: Run): void {
  withMonths(
    withReportOptions(
      report
        .command('scope')
        .description(
          'what a contract was worked on, held against its annex: a report to attach, with its table as CSV',
        )
        .requiredOption('--contract <id>', 'the contract'),
    ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco report scope --contract aurispola-2026 --from 2026-01 --to 2026-11 --by DPO-1',
    )
    .action((options: MonthOptions & { contract: string }) => run(scopeWork(options)))
  withReportOptions(
    report
      .command('tickets')
      .description('what tickets were worth: splits, reopenings, cost of a resolved matter, by contract')
      .requiredOption('--from <when>', 'a day (its beginning) or an instant', readMoment)
      .requiredOption('--to <when>', 'a day (its end) or an instant', readMoment),
  )
    .addHelpText('after', '\nExample:\n  $ varco report tickets --from 2026-01-01 --to 2026-11-30 --by DPO-1')
    .action((options: ReportOptions & { from: Moment; to: Moment }) => run(ticketsWork(options)))
  withMonths(
    withReportOptions(
      report
        .command('friction')
        .description(
          'what was refused, how often a grant followed, and amendments where it nearly always does',
        )
        .option('--contract <id>', 'the contract; the body’s own units when absent'),
    ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco report friction --contract aurispola-2026 --from 2026-01 --to 2026-11 --by DPO-1',
    )
    .action((options: MonthOptions & { contract?: string }) => run(frictionWork(options)))
}

function withMonths(command: Command): Command {
  return command
    .requiredOption('--from <month>', 'first month, such as 2026-01', readMonth)
    .requiredOption('--to <month>', 'last month, such as 2026-11', readMonth)
}

function readMonth(value: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value)) throw new InvalidArgumentError('a month is written 2026-11')
  return value
}

function scopeWork({ contract, from, to, ...options }: MonthOptions & { contract: string }): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const drift = await scopeDrift(depsOf(services), { contract, from, to, now: services.clock.now() })
    if (drift === null) return unknownContract(output, contract)
    if (drift.months.length === 0) return notToldYet(output)
    const locale = localeOf(services, options)
    const report = await makeDriftReport(makingOf(services), drift, { locale, requestedBy: options.by })
    const written = await saveReport(services, report, { folder: options.out, csv: driftCsv(report) })
    answerWith(output, report, written, driftTable(drift, locale))
    return 0
  }
}

function ticketsWork(options: ReportOptions & { from: Moment; to: Moment }): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const { time_zone: timeZone } = services.policy.current().document.varco
    const [from, to] = [startOf(options.from, timeZone), endOf(options.to, timeZone)]
    if (from >= to) {
      output.problem('the period ends before it begins')
      return 2
    }
    await countAccessesByTicket(services)
    const found = await ticketIntegrity(depsOf(services), { from, to, now: services.clock.now() })
    const locale = localeOf(services, options)
    const report = await makeTicketReport(makingOf(services), found, { locale, requestedBy: options.by })
    const written = await saveReport(services, report, { folder: options.out, csv: ticketCsv(report) })
    answerWith(output, report, written, ticketTable(found, locale))
    return 0
  }
}

function frictionWork({ contract, from, to, ...options }: MonthOptions & { contract?: string }): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const report = await friction(depsOf(services), {
      ...{ contract: contract ?? null, from, to },
      now: services.clock.now(),
    })
    if (report === null) return unknownContract(output, contract ?? '')
    if (from > lastMonthTold(services.clock.now(), services.policy.current().document.varco.time_zone))
      return notToldYet(output)
    const folder = options.out ?? services.home.reports
    const name = `friction-${contract ?? 'internal'}-${from}-${to}`
    const bundle = services.policy.current()
    const amendments: { kind: string; draft: string; diff: string }[] = []
    for (const [i, amendment] of proposeAmendments(bundle, report).entries()) {
      const draft = path.join(folder, `${name}-draft-${i + 1}`)
      await writeFolder(draft, bundleFiles(amendment.draft))
      amendments.push({ kind: amendment.kind, draft, diff: diffText(amendment.diff) })
    }
    const drafts = amendments.map(({ draft, diff }) => `\n${draft}\n${diff}`)
    await write(services, output, options, {
      report: { ...report, amendments },
      table: frictionTable(report, localeOf(services, options)),
      name,
      after: drafts.join('\n'),
    })
    return 0
  }
}

function notToldYet(output: Output): 2 {
  output.problem('a month is told when it has been over for a day')
  return 2
}

function depsOf(services: Services): Parameters<typeof scopeDrift>[0] {
  const { databases, keys, policy } = services
  return {
    figures: postgresOversightFigures(databases.state, keys.log.lookup),
    declared: countedWork(services),
    bundle: policy.current(),
  }
}

function makingOf(services: Services): DriftReportDeps {
  const { commandLog: log, reader, policy } = services
  return { log, reader, bundle: policy.current(), requestId: randomUUID }
}

function answerWith(output: Output, report: Report, written: WrittenReport, table: ReportTable): void {
  const { csv, html, json, pdf } = written
  output.answer(
    { ...(asJson(report) as { readonly [key: string]: Json }), files: { ...written } },
    [tableText(table), '', pdf, html, json, ...(csv === null ? [] : [csv])].join('\n'),
  )
}

function localeOf({ policy }: Services, { locale }: Pick<ReportOptions, 'locale'>): Locale {
  return locale ?? policy.current().document.varco.locale
}

function unknownContract(output: Output, contract: string): 2 {
  output.problem(`the bundle in force has no contract ${contract}`)
  return 2
}

interface Written {
  readonly report: { readonly format: string; readonly [part: string]: unknown }
  readonly table: ReportTable
  readonly name: string
  readonly after?: string
}

/** The making is in the log before anything is written (invariant 1). */
async function write(
  services: Services,
  output: Output,
  options: Omit<ReportOptions, 'from' | 'to'>,
  { report, table, name, after = '' }: Written,
): Promise<void> {
  const value = asJson(report) as { readonly [key: string]: Json }
  await services.commandLog.append(
    actDraft('report-made', {
      requestId: randomUUID(),
      operator: options.by,
      policyVersion: services.policy.current().version,
      detail: { report: report.format, name },
    }),
  )
  const folder = options.out ?? services.home.reports
  const file = (ending: string): string => path.join(folder, `${name}.${ending}`)
  const files = { json: file('json'), csv: file('csv'), html: file('html') }
  await mkdir(folder, { recursive: true })
  await writeFile(files.json, `${JSON.stringify(value, null, 2)}\n`)
  await writeFile(files.csv, tableCsv(table))
  await writeFile(files.html, tableHtml(table, localeOf(services, options)))
  output.answer(
    { ...value, files },
    [tableText(table), after, files.json, files.csv, files.html].filter((part) => part !== '').join('\n'),
  )
}

async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
