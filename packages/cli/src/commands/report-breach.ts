import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Micros } from '@varco/core'
import { openEngagementStore } from '@varco/postgres'
import { breachedPeopleCsv, makeBreachScope, type CompromisedBy } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { saveReport } from '../compose/save-report.ts'
import { compromisedToken, type CompromisedToken } from '../compose/compromised-token.ts'
import { openServices, type Services } from '../compose/services.ts'
import {
  endOf,
  readMoment,
  startOf,
  withReportOptions,
  type Moment,
  type ReportOptions,
} from './report-options.ts'

interface BreachOptions extends ReportOptions {
  readonly reference: string
  readonly description: string
  readonly aware: Moment
  readonly from: Moment
  readonly to: Moment
  readonly operator?: string
  readonly token?: string
  readonly company?: string
  readonly contract?: string
  readonly ticket?: string
  readonly grant?: string
  readonly request?: string
  readonly node?: string
  readonly workstation?: string
  readonly consequences?: string
  readonly measures?: string
  readonly people?: true
}

export function registerReportBreach(report: Command, run: Run): void {
  withReportOptions(
    report
      .command('breach')
      .description('what a breach reached, with the notification of GDPR Art. 33 in draft')
      .requiredOption('--reference <text>', 'the body’s own number of the incident')
      .requiredOption('--description <text>', 'what happened, in a sentence')
      .requiredOption('--aware <when>', 'when the body became aware: the 72 hours start', readMoment)
      .requiredOption('--from <when>', 'a day (its beginning) or an instant', readMoment)
      .requiredOption('--to <when>', 'a day (its end) or an instant', readMoment)
      .option('--operator <pseudonym>', 'whose credentials were misused')
      .option('--token <file>', 'a stolen token: whom it stood for, while it lived within the period')
      .option('--company <id>', 'a processor')
      .option('--contract <id>')
      .option('--ticket <id>')
      .option('--grant <id>')
      .option('--request <id>')
      .option('--node <writer>', 'one process of the proxy')
      .option('--workstation <id>')
      .option('--consequences <text>', 'Art. 33(3)(c)')
      .option('--measures <text>', 'Art. 33(3)(d)')
      .option(
        '--people',
        'also list the people, for Art. 34: a restricted file, and the log tells that it was made',
      ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco report breach --by DPO-1 --reference INC-7 --description "stolen token" \\\n      --aware 2026-11-23T17:20:00+01:00 --from 2026-11-01 --to 2026-11-23 --operator AUR-7F3K2',
    )
    .action((options: BreachOptions) => run(breachWork(options)))
}

function breachWork(options: BreachOptions): CommandWork {
  return async ({ config, output, stop }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const { policy, reader, subjectRecords: records } = services
    const { locale, time_zone: timeZone } = policy.current().document.varco
    const token = options.token === undefined ? null : await tokenIn(options.token, services)
    if (typeof token === 'string') {
      output.problem(TOKEN_PROBLEMS[token])
      return token === 'no-token' ? 2 : 1
    }
    const { scope, people } = await makeBreachScope(
      { log: services.commandLog, reader, records, bundle: policy.current(), requestId: randomUUID },
      {
        reference: options.reference,
        description: options.description,
        awareAt: startOf(options.aware, timeZone),
        compromised: compromisedBy(
          options,
          startOf(options.from, timeZone),
          endOf(options.to, timeZone),
          token,
        ),
        ...(options.consequences === undefined ? {} : { consequences: options.consequences }),
        ...(options.measures === undefined ? {} : { measures: options.measures }),
        withPeople: options.people === true,
        locale: options.locale ?? locale,
        requestedBy: options.by,
      },
    )
    const csv = options.people === true ? { csv: breachedPeopleCsv(people, scope.locale) } : {}
    const written = await saveReport(services, scope, {
      folder: options.out,
      waiting: { output, stop },
      ...csv,
    })
    const files = [written.pdf, written.html, written.json, ...(written.csv === null ? [] : [written.csv])]
    output.answer(
      { ...written, figures: { ...scope.figures }, notify_by: scope.incident.notify_by },
      [scope.notification.nature, ...files].join('\n'),
    )
    return 0
  }
}

const TOKEN_PROBLEMS = {
  'no-token': 'the file has no token with issuer, subject, beginning and end',
  unknown: 'nobody worked here under this token’s identity while it lived',
  several: 'its bearer worked under several pseudonyms: give one with --operator, and the period',
} as const

async function tokenIn(
  file: string,
  { databases, hide, people }: Services,
): Promise<CompromisedToken | keyof typeof TOKEN_PROBLEMS> {
  const token = await readFile(file, 'utf8').catch(() => '')
  const store = openEngagementStore(databases.state, hide)
  return compromisedToken(token, {
    whoIs: (issuer, externalId, now) => store.whoIs(issuer, externalId, now),
    assignmentsOf: (operator) => people.assignmentsOf(operator),
  })
}

function compromisedBy(
  options: BreachOptions,
  start: Micros,
  end: Micros,
  token: CompromisedToken | null,
): CompromisedBy {
  const from = token !== null && token.from > start ? token.from : start
  const to = token !== null && token.to < end ? token.to : end
  const operator = options.operator ?? token?.operator
  const { company, contract, ticket, grant, request, node, workstation } = options
  const given = {
    operator,
    processor: company,
    contract,
    ticket,
    grant,
    requestId: request,
    node,
    workstation,
  }
  return { from, to, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}
