import type { EventDraft } from '@varco/access-log'

/** Side rows of each event, each of another data subject. */
const DISCLOSURES = 3
/** How many side rows one data subject has, about. */
const ROWS_OF_A_SUBJECT = 140

/** The nth access of the bench: about 400 bytes encoded, three records shown. Data subjects come in generations of a million events. */
export function access(n: number): EventDraft {
  return {
    kind: 'access',
    requestId: `r-${n.toString(36)}`,
    operator: `op-${n % 97}`,
    processor: 'nord',
    contract: 'cc-2026',
    role: 'operator',
    unit: 'cc-1',
    workstation: null,
    instructedBy: null,
    purpose: 'invoice-enquiry',
    ticket: `T-${n % 5_000}`,
    grant: null,
    action: 'read',
    resource: 'invoice',
    filters: [],
    plain: ['number'],
    masked: ['iban'],
    decision: 'permit',
    reasons: [],
    rules: ['cc-invoice'],
    policyVersion: null,
    disclosures: Array.from({ length: DISCLOSURES }, (_, k) => ({
      resource: 'invoice',
      recordKey: String(n * DISCLOSURES + k),
      dataSubject: { kind: 'producer', id: subjectOf(n, k) },
    })),
    detail: null,
  }
}

const GENERATION = 1_000_000
const SUBJECTS_OF_A_GENERATION = Math.round((GENERATION * DISCLOSURES) / ROWS_OF_A_SUBJECT)

function subjectOf(n: number, k: number): string {
  const mixed = Math.imul(n * DISCLOSURES + k + 1, 0x9e3779b1) >>> 0
  return subjectName(Math.floor(n / GENERATION), mixed % SUBJECTS_OF_A_GENERATION)
}

export function subjectName(generation: number, index: number): string {
  return `P-${generation}-${index}`
}

/** The middle of the measured values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
