import { asId, type ContractId, type EventId, type ProcessorId, type Pseudonym } from '@varco/core'
import type { ExitDossier } from '@varco/engagement'
import type { DriftFact, DriftFacts, TicketReportFacts } from '@varco/reports'
import { at } from './sample-body.ts'

const AURORA = asId<ContractId>('aurora-2026')

const drift = (value: string, change: Partial<DriftFact>): DriftFact => ({
  value,
  title: null,
  contracted: true,
  clause: null,
  count: 1_200,
  refused: 17,
  share: 0.9184,
  monthly: [
    { month: '2026-03', count: 500, share: 0.93 },
    { month: '2026-04', count: 700, share: 0.907 },
  ],
  trend: null,
  firstSeen: at('2026-03-02T08:00:00.000001Z'),
  evidence: [],
  ...change,
})

/** Two months of a contract, with antimafia evaluation that no clause covers. */
export const DRIFT: DriftFacts = {
  contract: AURORA,
  from: '2026-03',
  to: '2026-04',
  minGroup: 5,
  accesses: 1_306,
  outside: 0.0812,
  outsideAtLeast: false,
  rows: {
    purpose: [
      drift('antimafia-assessment', {
        title: { it: 'Valutazione antimafia', en: 'Antimafia evaluation' },
        contracted: false,
        count: 106,
        refused: null,
        share: 0.0812,
        monthly: [
          { month: '2026-03', count: null, share: null },
          { month: '2026-04', count: 72, share: 0.093 },
        ],
        trend: 1.234,
        evidence: ['proxy-1.1.4', 'proxy-1.1.9'],
      }),
      drift('invoice-enquiry', { title: { it: 'Fatture', en: 'Invoices' }, clause: 'Allegato A.3' }),
    ],
    action: [drift('read', {}), drift('', { contracted: false, count: null, refused: null, share: null })],
    category: [drift('financial', { title: { it: 'Dati bancari', en: 'Bank data' }, contracted: true })],
  },
  declared: {
    hours: null,
    rows: [
      {
        value: 'trade-fair',
        title: { it: 'Contatti raccolti in fiera', en: 'Trade-fair contacts' },
        ...{ contracted: false, clause: null, hours: 345 },
        monthly: [{ month: '2026-03', hours: 345 }],
      },
      {
        value: 'reception',
        title: { it: 'Accoglienza', en: 'Reception' },
        ...{ contracted: true, clause: 'Allegato A.9', hours: null },
        monthly: [{ month: '2026-03', hours: null }],
      },
    ],
    months: [
      { month: '2026-03', key: 'cd'.repeat(32), evidence: ['proxy-1.1.2', 'proxy-1.1.77'], unsigned: 0 },
    ],
  },
}

/** A contractor paid by ticket that splits, beside the body's own units that do not. */
export const TICKETS: TicketReportFacts = {
  from: at('2026-02-28T23:00:00Z'),
  to: at('2026-04-30T22:00:00Z'),
  episodeDays: 30,
  rows: [
    {
      contract: AURORA,
      tickets: 4_310,
      episodes: 2_207,
      resolvedEpisodes: 1_983,
      ticketsPerResolvedEpisode: 1.9513,
      ticketsPerResolvedEpisodeInterval: { low: 1.9012, high: 2.0078 },
      splits: 1_412,
      reopenings: 388,
      closedBeforeResolution: 377,
      accesses: 9_021,
      accessesWithoutTicket: 214,
      ticketsWithoutAccess: 639,
      minutesToResolution: { median: 2_884, p90: 11_523 },
      price: {
        perTicket: 4.2,
        total: 18_102,
        perResolvedEpisode: 9.1286,
        perResolvedEpisodeInterval: { low: 8.871, high: 9.402 },
      },
    },
    {
      contract: null,
      tickets: 118,
      episodes: 111,
      resolvedEpisodes: 0,
      ticketsPerResolvedEpisode: null,
      ticketsPerResolvedEpisodeInterval: null,
      splits: 0,
      reopenings: 6,
      closedBeforeResolution: 0,
      accesses: 402,
      accessesWithoutTicket: 13,
      ticketsWithoutAccess: 9,
      minutesToResolution: null,
      price: null,
    },
  ],
}

const [manager, second] = [asId<Pseudonym>('GSE-CM001'), asId<Pseudonym>('GSE-DPO01')]

/** An insolvency half way: one declaration and one copy are missing. */
export const DOSSIER: ExitDossier = {
  exit: {
    contract: AURORA,
    processor: asId<ProcessorId>('aurora'),
    cause: 'insolvency',
    openedBy: manager,
    openedAt: at('2026-04-01T10:00:00Z'),
    dueAt: at('2026-05-31T10:00:00Z'),
    successor: null,
    ticketsMoved: 57,
    grantsRevoked: 4,
    choice: { kind: 'deletion', by: manager, at: at('2026-04-02T09:00:00Z') },
    parties: [
      { kind: 'processor', name: 'Aurora Servizi S.r.l.' },
      { kind: 'curator', name: 'Aurora Servizi S.r.l.' },
    ],
    declarations: [
      {
        kind: 'processor',
        name: 'Aurora Servizi S.r.l.',
        document: 'ab'.repeat(32),
        signedOn: '2026-04-20',
        recordedBy: manager,
        recordedAt: at('2026-04-21T09:30:00Z'),
      },
    ],
    verified: null,
    closedAt: null,
    revision: 3,
  },
  state: 'returning',
  moves: [
    {
      contract: AURORA,
      move: 'declare-insolvent',
      from: 'active',
      to: 'insolvent',
      by: manager,
      second: null,
      at: at('2026-04-01T10:00:00Z'),
      reason: 'Sentenza del tribunale.',
    },
    {
      contract: AURORA,
      move: 'terminate',
      from: 'insolvent',
      to: 'frozen',
      by: manager,
      second,
      at: at('2026-04-03T10:00:00Z'),
      reason: 'Il curatore non subentra.',
    },
  ],
  copies: [
    {
      id: 'COPY-1',
      kind: 'records',
      contract: AURORA,
      processor: asId<ProcessorId>('aurora'),
      owner: asId<Pseudonym>('AUR-7F3K2'),
      purpose: 'invoice-enquiry',
      event: asId<EventId>('proxy-1.1.8'),
      records: 212,
      madeAt: at('2026-03-10T10:00:00Z'),
      expiresAt: at('2026-04-10T10:00:00Z'),
      settled: { how: 'deleted', by: manager, at: at('2026-04-05T10:00:00Z'), reason: 'Verbale 12.' },
    },
    {
      id: 'COPY-2',
      kind: 'log',
      contract: AURORA,
      processor: asId<ProcessorId>('aurora'),
      owner: asId<Pseudonym>('AUR-7F3K2'),
      purpose: null,
      event: asId<EventId>('console-1.1.3'),
      records: null,
      madeAt: at('2026-03-11T10:00:00Z'),
      expiresAt: at('2026-04-11T10:00:00Z'),
      settled: null,
    },
  ],
  missing: [{ kind: 'curator', name: 'Aurora Servizi S.r.l.' }],
  copiesLeft: 1,
  overdue: false,
}
