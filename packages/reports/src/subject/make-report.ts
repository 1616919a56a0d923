import type { AccessLogReader } from '@varco/access-log'
import { canonicalJson, type DataSubjectRef, type Json, type Locale } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { ReportCancelledError } from '../errors.ts'
import type { FoundDataSubject, RecordsOfResource, SubjectRecords } from '../ports.ts'
import { Checkpoints } from '../report/checkpoints.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { hashOf, jsonPieces, type ShelvedReport } from '../report/shelved-report.ts'
import { titlesOf } from '../report/titles.ts'
import { memoryShelf, type AccessShelf } from './access-shelf.ts'
import { AccessTally } from './access-tally.ts'
import { copyRecords } from './copy-records.ts'
import { coverLog } from '../report/cover-log.ts'
import { describeArchives, describePurposes } from './describe-processing.ts'
import { describeRecipients, describeTransfers } from './describe-recipients.ts'
import { describeRights } from './describe-rights.ts'
import { discloseIdentities, type AnsweredRequest } from './disclose-identities.ts'
import { gatherAccesses } from './gather-accesses.ts'
import type { ReportedAccess, SubjectReport, SubjectReportContent } from './report.ts'
import { summarise } from './summarise.ts'

export interface SubjectReportDeps extends MakingDeps {
  readonly reader: AccessLogReader
  readonly records: SubjectRecords
  /** The bundle in force. */
  readonly bundle: Bundle
}

export interface SubjectReportRequest {
  /** What the request gave to be found by, such as a tax code; printed in the report. */
  readonly identifier: string | null
  /** Whom it is about: usually one; the same person under several kinds; none when nobody was found. */
  readonly dataSubjects: readonly DataSubjectRef[]
  /** The request of the data subject it answers; without one no member of staff is ever named. */
  readonly answers?: AnsweredRequest
  readonly locale: Locale
  /** Pseudonym of who asks for the report on the body's side. */
  readonly requestedBy: string
  /** Ends the gathering of what the log has; once the making is recorded the report is there. */
  readonly signal?: AbortSignal
}

/**
 * The answer to a request of access. Its making is in the log, with the report's hash, before this returns:
 * what is shown is recorded (invariant 1). A person of whom nothing is known gets a report that says so.
 * @throws UnavailableError when the log cannot record it: there is no report
 * @throws ReportCancelledError when the signal ends it; nothing is recorded then
 */
export async function makeSubjectReport(
  deps: SubjectReportDeps,
  request: SubjectReportRequest,
): Promise<SubjectReport> {
  const { report, shelf } = await makeShelvedReport(deps, request, memoryShelf())
  const accesses: ReportedAccess[] = []
  for await (const access of shelf.newestFirst()) accesses.push(JSON.parse(access) as ReportedAccess)
  return { ...report, accesses }
}

/** The same report for any number of accesses, which stay on the shelf. */
export async function makeShelvedReport(
  deps: SubjectReportDeps,
  request: SubjectReportRequest,
  shelf: AccessShelf,
): Promise<ShelvedReport> {
  const checkpoints = new Checkpoints()
  const held = await recordsHeld(deps, request.dataSubjects)
  const content = await contentOf(deps, request, held, checkpoints, shelf)
  const disclosures = held.flatMap(({ dataSubject, sets }) =>
    sets.flatMap(({ resource, records }) =>
      records.map(({ key }) => ({ resource, recordKey: key, dataSubject })),
    ),
  )
  const contentHash = await hashOf(jsonPieces(content, shelf))
  if (request.signal?.aborted === true) throw new ReportCancelledError()
  const { requestedBy } = request
  const particulars = identitiesShown(content)
  const report = await recordMaking(deps, content, {
    ...{ requestedBy, disclosures, particulars, checkpoints, contentHash },
  })
  return { report, shelf }
}

/** Naming staff is part of what the log has of the report: the pseudonyms, and by which openings. */
function identitiesShown({ identities }: SubjectReportContent): { readonly [key: string]: Json } {
  if (identities.length === 0) return {}
  return {
    identities: identities.map(({ operator, balancing }) => ({
      ...{ pseudonym: operator, opening: balancing.event },
    })),
  }
}

interface Held {
  readonly dataSubject: DataSubjectRef
  readonly found: FoundDataSubject | null
  readonly sets: readonly RecordsOfResource[]
}

async function recordsHeld(
  deps: SubjectReportDeps,
  dataSubjects: readonly DataSubjectRef[],
): Promise<readonly Held[]> {
  const { records, bundle } = deps
  return Promise.all(
    dataSubjects.map(async (dataSubject) => ({
      dataSubject,
      found: (await records.named(bundle, dataSubject.kind, [dataSubject.id]))[0] ?? null,
      sets: await records.recordsOf(bundle, dataSubject),
    })),
  )
}

async function contentOf(
  { reader, bundle }: SubjectReportDeps,
  { dataSubjects, locale, identifier, answers, signal }: SubjectReportRequest,
  held: readonly Held[],
  checkpoints: Checkpoints,
  shelf: AccessShelf,
): Promise<SubjectReportContent> {
  const { varco } = bundle.document
  const say = sayIn(locale)
  const titles = titlesOf(bundle, say)
  const sets = mergedByResource(held)
  const tally = new AccessTally(varco.time_zone)
  for await (const access of gatherAccesses(reader, dataSubjects, titles, checkpoints)) {
    if (signal?.aborted === true) throw new ReportCancelledError()
    tally.add(access)
    await shelf.put(canonicalJson(access))
  }
  const archives = describeArchives(bundle, sets, tally, titles, say)
  const purposes = describePurposes(bundle, archives, tally, titles, say)
  const recipients = describeRecipients(bundle, new Set(purposes.map(({ id }) => id)), tally, titles, say)
  return {
    format: 'varco/subject-report',
    ...frameOf(bundle, locale),
    about: {
      // Half a surrogate pair has no canonical JSON.
      identifier: identifier?.toWellFormed() ?? null,
      request: answers?.number ?? null,
      data_subjects: held.map(({ dataSubject, found }) => ({
        kind: dataSubject.kind,
        title: titles.kind(dataSubject.kind),
        id: dataSubject.id,
        name: [...(found?.name ?? [])],
        in_records: found !== null,
      })),
    },
    confirmation: confirm(sets.length > 0, shelf.count > 0, varco.controller.short, say),
    summary: summarise(tally),
    // Where they are found, they are many.
    accesses: [],
    identities:
      answers === undefined ? [] : await discloseIdentities(answers, tally.operators, reader, checkpoints),
    purposes,
    archives,
    recipients,
    transfers: describeTransfers(bundle, recipients, say),
    automated_decisions: automatedDecisions(purposes, say),
    rights: describeRights(new Set(purposes.map((purpose) => purpose.legal_basis)), say),
    complaint: complaintTo(varco.controller.supervisor.name, say),
    copy: copyRecords(bundle, sets, dataSubjects, say),
    log: await coverLog(reader, bundle),
  }
}

/** One person may be known under several kinds, and share a resource between them. */
function mergedByResource(held: readonly Held[]): RecordsOfResource[] {
  const merged = Map.groupBy(
    held.flatMap(({ sets }) => sets),
    (set) => set.resource,
  )
  return [...merged].map(([resource, sets]) => ({
    resource,
    records: [
      ...new Map(sets.flatMap(({ records }) => records).map((record) => [record.key, record])).values(),
    ],
  }))
}

function confirm(records: boolean, accesses: boolean, body: string, say: Say): SubjectReport['confirmation'] {
  if (records) {
    return {
      code: 'records',
      text: say(
        `${body} conferma che è in corso un trattamento di dati personali che La riguardano. Questo documento dice quali sono, perché si trattano, a chi sono stati comunicati e chi li ha visti.`,
        `${body} confirms that personal data about you are being processed. This document says which, why, to whom they have been disclosed and who looked at them.`,
      ),
    }
  }
  if (accesses) {
    return {
      code: 'accesses',
      text: say(
        `${body} non conserva più dati personali che La riguardano nei propri archivi. Restano nel registro degli accessi le consultazioni avvenute in passato, elencate qui.`,
        `${body} no longer holds personal data about you in its records. The log of accesses still has the past consultations listed here.`,
      ),
    }
  }
  return {
    code: 'nothing',
    text: say(
      `${body} non tratta, negli archivi collegati a questo servizio, dati personali che corrispondano ai riferimenti indicati nella richiesta, e il registro non ha accessi che li riguardino.`,
      `In the records connected to this service, ${body} processes no personal data that match what the request gave, and the log has no access to any.`,
    ),
  }
}

function automatedDecisions(purposes: SubjectReport['purposes'], say: Say): string {
  if (purposes.some((purpose) => purpose.automated_decisions !== null)) {
    return say(
      'Per le finalità indicate sono prese decisioni anche con soli mezzi automatizzati: per ciascuna sono spiegati la logica e gli effetti. Può chiedere l’intervento di una persona, esprimere la Sua opinione e contestare la decisione.',
      'For the purposes listed, decisions are also taken by automated means alone: the logic and effects of each are explained. You may ask for a person to step in, give your view and contest the decision.',
    )
  }
  return say(
    'Nessuna delle finalità per cui si trattano questi dati prevede decisioni prese soltanto da una macchina, compresa la profilazione (articolo 22).',
    'None of the purposes these data serve involves decisions taken by a machine alone, profiling included (Article 22).',
  )
}

function complaintTo(supervisor: string, say: Say): string {
  return say(
    `Se ritiene che i Suoi dati siano stati trattati violando la legge può presentare reclamo all’autorità di controllo (${supervisor}), in Italia o nel Paese in cui vive o lavora, oppure rivolgersi al giudice.`,
    `If you believe that your data have been processed against the law, you may lodge a complaint with the supervisory authority (${supervisor}), in Italy or in the country where you live or work, or go to court.`,
  )
}
