import { randomUUID } from 'node:crypto'
import type { DataSubjectRef, Locale } from '@varco/core'
import { accessCsv, FileShelf, makeShelvedReport, type WrittenReport } from '@varco/reports'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openVault } from '../compose/identities.ts'
import { saveReport, type Waiting } from '../compose/save-report.ts'
import { openServices, type Services } from '../compose/services.ts'
import { sharedBySeveral } from '../compose/shared-by-several.ts'
import { registerReportAudit } from './report-audit.ts'
import { registerReportBreach } from './report-breach.ts'
import { registerReportExit } from './report-exit.ts'
import { withReportOptions, type ReportOptions } from './report-options.ts'
import { registerReportOversight } from './report-oversight.ts'
import { registerReportRegister } from './report-register.ts'
import { registerReportTransparency } from './report-transparency.ts'
import { registerReportVerify } from './report-verify.ts'

interface SubjectOptions extends ReportOptions {
  readonly subject?: readonly DataSubjectRef[]
}

export function registerReport(program: Command, run: Run): void {
  const report = program.command('report').description('documents for citizens, the DPO and the supervisor')
  withReportOptions(
    report
      .command('subject')
      .description(
        'who looked at one person’s data, when and why (GDPR Art. 15): JSON, HTML and PDF, and the accesses as CSV',
      )
      .argument('<identifier>', 'what the bundle lets one find a person by, such as a tax code')
      .option(
        '--subject <kind:key>',
        'this person and no other, where an identifier leads to several; may be repeated',
        readSubject,
      ),
  )
    .addHelpText('after', '\nExample:\n  $ varco report subject RSSMRA80A01H501U --by DPO-1')
    .action((identifier: string, options: SubjectOptions) => run(subjectWork(identifier, options)))
  registerReportVerify(report, run)
  registerReportRegister(report, run)
  registerReportBreach(report, run)
  registerReportTransparency(report, run)
  registerReportOversight(report, run)
  registerReportAudit(report, run)
  registerReportExit(report, run)
}

function readSubject(value: string, before: readonly DataSubjectRef[] = []): readonly DataSubjectRef[] {
  const [kind = '', ...rest] = value.split(':')
  if (rest.length === 0) throw new InvalidArgumentError('a person is written kind:key, such as producer:P-17')
  return [...before, { kind, id: rest.join(':') }]
}

function subjectWork(identifier: string, options: SubjectOptions): CommandWork {
  return async ({ config, output, stop }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'report') })
    const found = await services.subjectRecords.find(services.policy.current(), identifier)
    const dataSubjects = options.subject ?? found.map(({ ref }) => ref)
    const several = options.subject === undefined ? sharedBySeveral(found) : []
    if (several.length > 0) {
      output.problem(
        `the identifier leads to several people of one kind (${several.join(', ')}); a report is about one person: say which with --subject`,
      )
      return 1
    }
    const written = await writeSubjectReport(services, {
      identifier,
      dataSubjects,
      requestedBy: options.by,
      waiting: { output, stop },
      ...(options.locale === undefined ? {} : { locale: options.locale }),
      ...(options.out === undefined ? {} : { folder: options.out }),
    })
    output.answer(
      { ...written, found: dataSubjects.length },
      [
        ...(dataSubjects.length === 0 ? ['nobody is known under this identifier; the report says so'] : []),
        written.pdf,
        written.html,
        written.json,
        ...(written.csv === null ? [] : [written.csv]),
      ].join('\n'),
    )
    return 0
  }
}

export interface WriteSubjectReport {
  readonly identifier: string | null
  readonly dataSubjects: readonly DataSubjectRef[]
  readonly requestedBy: string
  /** The number of the request it answers: whose identities were opened for it are named. */
  readonly answers?: string
  readonly locale?: Locale
  readonly folder?: string
  readonly waiting?: Waiting
}

/** Makes one report and writes its three files; its making is an event of the log. */
export async function writeSubjectReport(
  services: Services,
  request: WriteSubjectReport,
): Promise<WrittenReport> {
  const { reader, subjectRecords, policy } = services
  const bundle = policy.current()
  await using shelf = await FileShelf.in(request.folder ?? services.home.reports)
  const report = await makeShelvedReport(
    { log: services.commandLog, reader, records: subjectRecords, bundle, requestId: randomUUID },
    {
      identifier: request.identifier,
      dataSubjects: request.dataSubjects,
      locale: request.locale ?? bundle.document.varco.locale,
      requestedBy: request.requestedBy,
      ...(request.answers === undefined
        ? {}
        : {
            answers: { number: request.answers, vault: await openVault(services, services.commandLog) },
          }),
      ...(request.waiting === undefined ? {} : { signal: request.waiting.stop }),
    },
    shelf,
  )
  // Awaited here: the shelf is open until the files are written.
  const { folder, waiting } = request
  return await saveReport(services, report, { folder, waiting, csv: accessCsv(report) })
}
