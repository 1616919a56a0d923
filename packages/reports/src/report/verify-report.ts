import {
  inclusionChecker,
  type InclusionFault,
  type InclusionProof,
  type InclusionVerdict,
  type StoredEvent,
} from '@varco/access-log'
import { microsToIso } from '@varco/core'
import { jsonInHtml } from '../html/render-document.ts'
import { jsonInPdf } from '../pdf/json-in-pdf.ts'
import type { DisclosedIdentity, ReportedAccess } from '../subject/report.ts'
import type { ReportedProof } from './parts.ts'
import { hashesOf } from './report-hash.ts'
import { reportSchema, type Report } from './report.ts'

/** What is wrong with a report, and where: an entry of the log, or the whole report. */
export interface ReportProblem {
  readonly code:
    | 'not-a-report'
    | 'proof-missing'
    | InclusionFault
    /** The entry is in the log but says something else than the report. */
    | 'differs-from-entry'
    /** The report is not the one whose hash the log recorded when it was made. */
    | 'content-changed'
  readonly event: string | null
}

export interface ReportVerification {
  readonly ok: boolean
  /** Which kind of report it is; `null` when it is none. */
  readonly format: Report['format'] | null
  /** SHA-256 of the canonical JSON: the fingerprint printed in HTML and PDF. `null` when there is no report. */
  readonly hash: string | null
  readonly accesses: number
  /** Accesses whose entry is in the log and says what the report says. */
  readonly proved: number
  readonly problems: readonly ReportProblem[]
}

/**
 * Checks a report with nothing but the log's public key: that each access is an entry of the log under a
 * checkpoint it signed, that the report says of it what the entry says, and that the log recorded the making
 * of this very report. A missing proof is a problem, never skipped.
 * @param file the JSON file, or the HTML or PDF file that carries it
 * @param verifierKey C2SP verifier key text, several one a line when the log has changed keys
 * @param largest bytes of JSON that a PDF may hold: what swells beyond is no report
 */
export function verifyReport(
  file: string | Uint8Array,
  verifierKey: string,
  largest: number = LARGEST,
): ReportVerification {
  const report = readReport(file, largest)
  const check = inclusionChecker(verifierKey)
  if (report === null) {
    return {
      ok: false,
      format: null,
      hash: null,
      accesses: 0,
      proved: 0,
      problems: [{ code: 'not-a-report', event: null }],
    }
  }
  const accesses = report.format === 'varco/subject-report' ? report.accesses : []
  const verdicts = accesses.map((access) => {
    const verdict = entryOf(report, access.event, access.proof, check)
    if (verdict.problem !== null) return verdict.problem
    return sameAsEntry(access, verdict.event)
      ? null
      : ({ code: 'differs-from-entry', event: access.event } as const)
  })
  const hashes = hashesOf(report)
  const identities = report.format === 'varco/subject-report' ? report.identities : []
  const problems = [
    ...verdicts.filter((problem) => problem !== null),
    ...identities.flatMap((identity) => balancingProblems(report, identity, check)),
    ...makingProblems(report, hashes.content, check),
  ]
  return {
    ok: problems.length === 0,
    format: report.format,
    hash: hashes.file,
    accesses: accesses.length,
    proved: verdicts.filter((problem) => problem === null).length,
    problems,
  }
}

/** A report out of its JSON, HTML or PDF file; `null` when it is none that this version knows. */
export function readReport(file: string | Uint8Array, largest: number = LARGEST): Report | null {
  return parseReport(jsonIn(file, largest))
}

/** No report comes near. */
const LARGEST = 512 * 1024 * 1024

function jsonIn(file: string | Uint8Array, largest: number): string | null {
  if (typeof file !== 'string' && Buffer.from(file.subarray(0, 5)).toString('latin1') === '%PDF-')
    return jsonInPdf(file, largest)
  const text = typeof file === 'string' ? file : Buffer.from(file).toString('utf8')
  return jsonInHtml(text) ?? text
}

function parseReport(json: string | null): Report | null {
  if (json === null) return null
  try {
    const parsed = reportSchema.safeParse(JSON.parse(json, wellFormed))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Half a surrogate has no canonical form, so nothing that holds one was ever hashed. */
function wellFormed(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed()))
    throw new SyntaxError('text that is not well formed')
  return value
}

type Check = (proof: InclusionProof) => InclusionVerdict

type EntryVerdict =
  | { readonly event: StoredEvent; readonly problem: null }
  | { readonly event: null; readonly problem: ReportProblem }

function entryOf(report: Report, id: string, proof: ReportedProof | null, check: Check): EntryVerdict {
  const checkpoint = proof === null ? undefined : report.checkpoints[proof.checkpoint]
  if (proof === null || checkpoint === undefined)
    return { event: null, problem: { code: 'proof-missing', event: id } }
  const verdict = check({ ...proof, checkpoint })
  return verdict.ok
    ? { event: verdict.event, problem: null }
    : { event: null, problem: { code: verdict.reason, event: id } }
}

/** Whether what the report says is what the entry says, fact by fact. */
function sameAsEntry(access: ReportedAccess, entry: StoredEvent): boolean {
  const ids = (things: readonly { readonly id: string }[]): string =>
    JSON.stringify(things.map(({ id }) => id))
  return (
    access.event === entry.id &&
    access.at === microsToIso(entry.at) &&
    access.kind === entry.kind &&
    (access.company?.id ?? null) === entry.processor &&
    (access.contract?.id ?? null) === entry.contract &&
    (access.unit?.id ?? null) === entry.unit &&
    (access.role?.id ?? null) === entry.role &&
    access.operator === entry.operator &&
    (access.purpose?.id ?? null) === entry.purpose &&
    access.ticket === entry.ticket &&
    access.action === entry.action &&
    (access.resource?.id ?? null) === entry.resource &&
    ids(access.plain) === JSON.stringify(entry.plain) &&
    ids(access.masked) === JSON.stringify(entry.masked) &&
    access.policy_version === entry.policyVersion &&
    access.records.length <= entry.disclosed.count
  )
}

/** Whether the log has the decision of two people, for this very request, that lets somebody be named. */
function balancingProblems(
  report: Report,
  { operator, balancing }: DisclosedIdentity,
  check: Check,
): ReportProblem[] {
  const { event, problem } = entryOf(report, balancing.event, balancing.proof, check)
  if (problem !== null) return [problem]
  const { detail } = event
  const request = report.format === 'varco/subject-report' ? report.about.request : null
  const holds =
    event.kind === 'identity-opened' &&
    event.id === balancing.event &&
    microsToIso(event.at) === balancing.at &&
    event.operator === balancing.approved_by &&
    balancing.approved_by !== balancing.requested_by &&
    detail?.['pseudonym'] === operator &&
    detail['case'] === request &&
    detail['reason'] === balancing.reason &&
    detail['requestedBy'] === balancing.requested_by
  return holds ? [] : [{ code: 'differs-from-entry', event: balancing.event }]
}

function makingProblems(report: Report, content: string, check: Check): ReportProblem[] {
  const { made } = report
  const { event, problem } = entryOf(report, made.event, made.proof, check)
  if (problem !== null) return [problem]
  const recorded = event.detail?.['content']
  if (
    event.kind !== 'report-made' ||
    event.id !== made.event ||
    event.operator !== made.by ||
    microsToIso(event.at) !== made.at
  ) {
    return [{ code: 'differs-from-entry', event: made.event }]
  }
  return made.content === recorded && content === recorded
    ? []
    : [{ code: 'content-changed', event: made.event }]
}
