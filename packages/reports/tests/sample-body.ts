import { asId, isoToMicros, type Clock, type DataSubjectRef, type Micros } from '@varco/core'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  eraseDataSubject,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  openIdentityVault,
  type AccessLog,
  type AccessLogReader,
  type EventDraft,
  type IdentityVault,
} from '@varco/access-log'
import { eventDraft, memoryLogStore, memoryVaultStore } from '@varco/access-log/testing'
import type { Bundle } from '@varco/policy'
import {
  makeSubjectReport,
  type SubjectReport,
  type SubjectReportRequest,
  type SubjectRecords,
} from '@varco/reports'
import { memorySubjectRecords, reportedBundle, type MemoryRows } from '@varco/reports/testing'

export const GIULIA: DataSubjectRef = { kind: 'producer', id: 'P1' }
export const TAX_CODE = 'DCLGLI80A41H501X'

const STAFF = ['AUR-7F3K2', 'AUR-4MX7C', 'BOR-11QZ8']

export const ROWS: MemoryRows = {
  producer: [
    {
      id: 'P1',
      name: 'Giulia D’Àcqui',
      tax_code: TAX_CODE,
      birth_date: '1980-01-01',
      email: 'giulia@posta.example',
      iban: 'IT60X0542811101000000123456',
      region: 'Lazio',
    },
    {
      id: 'P2',
      name: 'Rossi Energia S.n.c.',
      tax_code: '01234567890',
      birth_date: null,
      email: null,
      iban: null,
      region: 'Umbria',
    },
  ],
  invoice: [
    {
      id: '10',
      producer_id: 'P1',
      number: '2026/10',
      period: '2026-03',
      amount: '1234.50',
      status: 'paid',
      issued_on: '2026-04-02',
      iban: 'IT60X0542811101000000123456',
      tax_code: TAX_CODE,
    },
    {
      id: '9',
      producer_id: 'P1',
      number: '2026/9',
      period: '2026-02',
      amount: '98765432109876543.21',
      status: 'issued',
      issued_on: '2026-03-02',
      iban: null,
      tax_code: TAX_CODE,
    },
    {
      id: '11',
      producer_id: 'P2',
      number: '2026/11',
      period: '2026-03',
      amount: '3.00',
      status: 'paid',
      issued_on: '2026-04-02',
      iban: null,
      tax_code: '01234567890',
    },
  ],
  invoice_line: [
    { id: '100', invoice_id: '10', kwh: '512.125' },
    { id: '101', invoice_id: '11', kwh: '7' },
  ],
  antimafia_check: [
    {
      id: '1',
      producer_id: 'P1',
      status: 'valid',
      requested_on: '2026-01-10',
      valid_until: '2027-01-10',
      outcome: 'nulla',
      notes: 'sentito il fratello Marco',
    },
  ],
  visitor: [
    {
      badge: 'V7',
      first_name: 'Giulia',
      last_name: 'D’Àcqui',
      tax_code: TAX_CODE.toLowerCase(),
      came_at: '2026-05-04T08:15:00+00:00',
      host_id: 'P2',
      vehicles: '["AB123CD", "EF456GH"]',
    },
  ],
}

/** A clock that tests set to calendar times. */
export class DiaryClock implements Clock {
  #now: Micros = at('2026-01-02T08:00:00Z')

  now(): Micros {
    this.#now += 1n
    return this.#now
  }

  set(iso: string): void {
    this.#now = at(iso)
  }
}

export function at(iso: string): Micros {
  const micros = isoToMicros(iso)
  if (micros === null) throw new Error(`not an instant: ${iso}`)
  return micros
}

export interface SampleBody extends AsyncDisposable {
  readonly bundle: Bundle
  readonly clock: DiaryClock
  readonly log: AccessLog
  readonly reader: AccessLogReader
  readonly records: SubjectRecords
  readonly verifier: string
  /** Keeps who AUR-7F3K2, AUR-4MX7C and BOR-11QZ8 are. */
  readonly vault: IdentityVault
  /** Takes the data subject's references out of the log. */
  erase(dataSubject: DataSubjectRef): Promise<void>
  /** An access at that time, as the proxy would record it. */
  access(iso: string, draft?: Partial<EventDraft>): Promise<string>
  report(request?: Partial<SubjectReportRequest>): Promise<SubjectReport>
}

/** A body with a real access log in memory. */
export async function sampleBody(options: { bundle?: Bundle; rows?: MemoryRows } = {}): Promise<SampleBody> {
  const bundle = options.bundle ?? reportedBundle()
  const clock = new DiaryClock()
  const store = memoryLogStore()
  const keys = generateLogKeys('gse.example/varco')
  const log = await openAccessLog({ store, keys, clock, writer: asId('proxy-1') })
  const reader = openAccessLogReader({ store, keys })
  const records = memorySubjectRecords(options.rows ?? ROWS)
  const vault = await openIdentityVault({
    ...{ log, reader, clock, store: memoryVaultStore(), secret: randomBytes(32), newId: randomUUID },
  })
  for (const pseudonym of STAFF)
    await vault.seal(asId(pseudonym), {
      issuer: 'https://login.contact.example',
      externalId: `person-of-${pseudonym.toLowerCase()}`,
    })
  let requests = 0
  return {
    vault,
    erase: async (dataSubject) => {
      await eraseDataSubject({
        ...{ store, reading: store, keys, clock, anchors: [], writer: 'retention-1', dataSubject },
        ...{ requestId: 'erasure-1', operator: null, approver: 'RPD-2K9QX', reason: 'GDPR Art. 17' },
        ...{ minded: [], held: [] },
      })
    },
    bundle,
    clock,
    log,
    reader,
    records,
    verifier: keys.verifier,
    access: async (iso, draft = {}) => {
      clock.set(iso)
      const { id } = await log.append(
        eventDraft({
          processor: 'aurora',
          contract: 'aurora-2026',
          unit: 'contact-centre',
          operator: 'AUR-7F3K2',
          ticket: 'T-2026-0100',
          policyVersion: bundle.version,
          disclosures: [{ resource: 'invoice', recordKey: '10', dataSubject: GIULIA }],
          ...draft,
        }),
      )
      return id
    },
    report: async (request = {}) => {
      clock.set('2026-11-24T09:41:07Z')
      return makeSubjectReport(
        { log, reader, records, bundle, requestId: () => `report-${++requests}` },
        { identifier: TAX_CODE, dataSubjects: [GIULIA], locale: 'it', requestedBy: 'RPD-2K9QX', ...request },
      )
    },
    [Symbol.asyncDispose]: async () => {
      await log[Symbol.asyncDispose]()
    },
  }
}

/** Opens who is behind a pseudonym, for a case and by two people. */
export async function openIdentity({ vault }: SampleBody, pseudonym: string, caseId: string): Promise<void> {
  const reason = `Without the name of ${pseudonym} no claim can be brought.`
  const { id } = await vault.request({ pseudonym: asId(pseudonym), caseId, reason, by: 'RPD-2K9QX' })
  await vault.approve(id, 'ADM-7H2LM')
}

/** A year in which several people looked, and one record of somebody else was looked at too. */
export async function yearOfAccesses(body: SampleBody): Promise<void> {
  const invoice = { resource: 'invoice', recordKey: '10', dataSubject: GIULIA } as const
  await body.access('2026-01-14T09:12:44Z', {
    processor: 'borea',
    contract: 'borea-2023',
    operator: 'BOR-11QZ8',
    ticket: 'B-88120',
    plain: ['number', 'period', 'status'],
    masked: ['iban', 'tax_code'],
  })
  const days = [
    '2026-02-03',
    '2026-02-17',
    '2026-03-05',
    '2026-03-06',
    '2026-03-30',
    '2026-05-11',
    '2026-05-12',
    '2026-05-29',
    '2026-08-04',
    '2026-09-21',
    '2026-10-02',
    '2026-10-19',
  ]
  for (const [i, day] of days.entries()) {
    if (day === '2026-08-04') await summer(body)
    await body.access(
      `${day}T${String(7 + (i % 9)).padStart(2, '0')}:${String((i * 17) % 60).padStart(2, '0')}:3${i % 10}Z`,
      {
        operator: i % 3 === 0 ? 'AUR-7F3K2' : 'AUR-4MX7C',
        ticket: `T-2026-${String(100 + i).padStart(4, '0')}`,
        action: i % 4 === 1 ? 'search' : 'read',
        plain: ['number', 'period', 'amount', 'status'],
        masked: ['iban', 'tax_code'],
        disclosures: i % 4 === 1 ? [invoice, { ...invoice, recordKey: '9' }] : [invoice],
      },
    )
  }
}

async function summer(body: SampleBody): Promise<void> {
  await body.access('2026-06-15T10:02:11Z', {
    purpose: 'antimafia-status',
    resource: 'antimafia_check',
    plain: ['status', 'valid_until'],
    masked: [],
    ticket: 'T-2026-0431',
    disclosures: [{ resource: 'antimafia_check', recordKey: '1', dataSubject: GIULIA }],
  })
  await body.access('2026-06-16T08:30:00Z', {
    disclosures: [{ resource: 'invoice', recordKey: '11', dataSubject: { kind: 'producer', id: 'P2' } }],
  })
  await body.access('2026-07-01T15:44:59Z', {
    processor: null,
    contract: null,
    unit: 'antimafia-unit',
    role: 'antimafia.officer',
    operator: 'GSE-9TT41',
    purpose: 'antimafia-assessment',
    ticket: null,
    resource: 'antimafia_check',
    plain: ['status', 'requested_on', 'valid_until', 'outcome', 'notes'],
    masked: [],
    disclosures: [{ resource: 'antimafia_check', recordKey: '1', dataSubject: GIULIA }],
  })
}
