import { compileBundle } from '@varco/policy'
import {
  makeAuditReport,
  makeBreachScope,
  makeDriftReport,
  makeExitCertificate,
  makeTicketReport,
  makeProcessingRegister,
  makeTransparencyReport,
  type Report,
  type SubjectReport,
} from '@varco/reports'
import { noContractTells, readerAccessFigures, reportedDocument } from '@varco/reports/testing'
import { DOSSIER, DRIFT, TICKETS } from './contract-facts.ts'
import { at, GIULIA, openIdentity, sampleBody, yearOfAccesses } from './sample-body.ts'

export async function subjectReportIn(locale: 'it' | 'en'): Promise<SubjectReport> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  await openIdentity(body, 'AUR-7F3K2', 'RQ-2026-000017')
  const answers = { number: 'RQ-2026-000017', vault: body.vault }
  return await body.report({ locale, answers, dataSubjects: [GIULIA, { kind: 'visitor', id: 'V7' }] })
}

async function registerIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  const asOf = { bundle: body.bundle, at: at('2026-11-24T09:00:00Z') }
  const document = reportedDocument()
  const earlier = { ...document, cases: [], processors: document.processors.slice(1) }
  const comparedWith = { bundle: compileBundle(earlier), at: at('2025-11-24T09:00:00Z') }
  const deps = { log: body.log, reader: body.reader, requestId: () => 'r-1' }
  return await makeProcessingRegister(deps, { asOf, comparedWith, locale, requestedBy: 'RPD-2K9QX' })
}

async function breachIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const compromised = { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') }
  const incident = {
    reference: 'INC-7',
    description: 'Theft.',
    awareAt: at('2026-11-23T16:20:00Z'),
    consequences: 'Unwanted calls.',
    measures: 'Revoked.',
  }
  const deps = { ...body, requestId: () => 'r-1' }
  const request = { ...incident, compromised, withPeople: false, locale, requestedBy: 'RPD-2K9QX' }
  return (await makeBreachScope(deps, request)).scope
}

async function transparencyIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const figures = readerAccessFigures(body.reader)
  const deps = { ...body, figures, heldByContract: noContractTells, requestId: () => 'r-1' }
  const period = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }
  return await makeTransparencyReport(deps, {
    ...{ ...period, now: period.to, locale },
    requestedBy: 'RPD-2K9QX',
  })
}

async function auditIn(locale: 'it' | 'en'): Promise<Report> {
  const document = reportedDocument()
  const agreement = {
    kind: 'union-agreement',
    with: 'RSU of the sample body',
    signed: '2025-11-03',
    reference: 'Prot. 412/2025',
  } as const
  const controller = { ...document.varco.controller, workers_agreement: agreement }
  const varco = { ...document.varco, controller }
  await using body = await sampleBody({ bundle: compileBundle({ ...document, varco }) })
  await yearOfAccesses(body)
  await openIdentity(body, 'AUR-7F3K2', 'RG 12/2026')
  const finding = {
    kind: 'changed',
    writer: 'proxy-1',
    epoch: 1,
    seq: 7,
    text: 'the event was changed',
  } as const
  const tree = { writer: 'proxy-1', epoch: 1, size: 41, root: 'cm9vdA==', frontier: [], witnessed: 40 }
  const verdict = { ok: false, events: 43, disclosures: 57, trees: [tree], findings: [finding] }
  const figures = readerAccessFigures(body.reader)
  const deps = { ...body, figures, heldByContract: noContractTells, requestId: () => 'r-1' }
  const alerts = async () => ({ raised: 19, explained: 12, confirmed: 3, open: 4 })
  const period = { from: at('2025-12-31T23:00:00Z'), to: at('2026-12-31T23:00:00Z') }
  const now = at('2026-12-31T23:00:00Z')
  return await makeAuditReport(
    { ...deps, alerts },
    { ...period, verdict, now, locale, requestedBy: 'RPD-2K9QX' },
  )
}

const requested = (locale: 'it' | 'en') => ({ locale, requestedBy: 'RPD-2K9QX' })

async function driftIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeDriftReport({ ...body, requestId: () => 'r-1' }, DRIFT, requested(locale))
}

async function ticketsIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeTicketReport({ ...body, requestId: () => 'r-1' }, TICKETS, requested(locale))
}

async function exitIn(locale: 'it' | 'en'): Promise<Report> {
  await using body = await sampleBody()
  return await makeExitCertificate({ ...body, requestId: () => 'r-1' }, DOSSIER, requested(locale))
}

/** One of each kind, with something in every part. */
export const KINDS = {
  'subject report': subjectReportIn,
  'processing register': registerIn,
  'breach scope': breachIn,
  'transparency report': transparencyIn,
  'audit report': auditIn,
  'scope drift report': driftIn,
  'ticket report': ticketsIn,
  'exit certificate': exitIn,
}
