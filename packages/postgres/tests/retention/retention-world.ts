import { createHmac, generateKeyPairSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { asId, isoToMicros, type Pseudonym } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { compileBundle, type Bundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import {
  openRecipientNotices,
  openRestrictionStore,
  openRetentionStore,
  openUpstreamOutbox,
  postgresRetentionRecords,
  type Database,
} from '@varco/postgres'
import {
  approvePlan,
  certificateSigner,
  planRetention,
  type RetentionAct,
  type RetentionDesk,
  type RetentionPlan,
  type Certificate,
  type RunOutcome,
} from '@varco/retention'
import { memoryArchive, noUpstreams } from '@varco/retention/testing'

export const NOW = isoToMicros('2026-11-25T09:00:00Z') ?? 0n
export const person = (name: string): Pseudonym => asId(name)

type Rules = BundleDocument['retention']

const words = { title: { it: 'Regola', en: 'Rule' }, because: 'Codice civile, art. 2220' }

/** Invoices after ten years. */
export const RULE: Rules[number] = {
  id: 'invoices',
  resource: 'invoice',
  trigger: { field: 'issued_on' },
  after: 'P10Y',
  action: 'erase',
  ...words,
}

/** Invoices after ten years, or as long after their dispute was settled if that was later. */
export const SETTLED: Rules[number] = {
  ...RULE,
  trigger: { field: 'issued_on', event: { id: 'settled', title: { it: 'definizione', en: 'settlement' } } },
}

/** @param upstreams JSON APIs that have what the database has not */
export function bundleWith(
  rules: Rules,
  more: BundleDocument['catalogue'] = [],
  upstreams: NonNullable<BundleDocument['upstreams']> = [],
): Bundle {
  const document = fixtureDocument()
  const catalogue = document.catalogue.map((file) =>
    file.resource === 'producer'
      ? {
          ...file,
          relations: { invoices: { resource: 'invoice', field: 'id', to: 'producer_id', many: true } },
        }
      : file,
  )
  return compileBundle({
    ...{ ...document, catalogue: [...catalogue, ...more], retention: rules },
    ...(upstreams.length === 0 ? {} : { upstreams }),
  })
}

/** Invoices may point at an invoice before them; a foreign key holds each to its producer. */
export async function createRecords({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.producer (id text PRIMARY KEY, name text NOT NULL, tax_code text NOT NULL, birth_date date, email text, iban text, region text NOT NULL);
    CREATE TABLE gse.invoice (id bigint PRIMARY KEY, producer_id text NOT NULL REFERENCES gse.producer, number text, period text, amount numeric, status text, issued_on date, iban text, tax_code text NOT NULL DEFAULT 'T', previous bigint REFERENCES gse.invoice);
    CREATE TABLE gse.antimafia_check (id bigint PRIMARY KEY, producer_id text NOT NULL REFERENCES gse.producer);
    CREATE INDEX ON gse.invoice (producer_id);
    CREATE INDEX ON gse.invoice (previous);
    INSERT INTO gse.producer SELECT 'P' || i, 'Name ' || i, 'TAX' || i, DATE '1960-05-17', 'a@b.example', 'IT00', 'Lazio' FROM generate_series(1, 5) AS i`)
}

/** @param due how many invoices are due; as many are not */
export async function addInvoices({ pool }: Pick<Database, 'pool'>, due: number): Promise<void> {
  await pool.query(
    `INSERT INTO gse.invoice (id, producer_id, issued_on)
     SELECT i, 'P' || (i % 5 + 1), CASE WHEN i <= $1 THEN DATE '2010-01-01' + (i % 1000)::int ELSE DATE '2020-01-01' END
     FROM generate_series(1, 2 * $1::int) AS i`,
    [due],
  )
}

export interface World {
  readonly desk: RetentionDesk
  readonly acts: RetentionAct[]
  readonly clock: ManualClock
  readonly publicKey: ReturnType<typeof generateKeyPairSync>['publicKey']
}

export function worldOn(
  database: Database,
  rules: Rules = [RULE],
  more: BundleDocument['catalogue'] = [],
  upstreams: NonNullable<BundleDocument['upstreams']> = [],
): World {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const bundle = bundleWith(rules, more, upstreams)
  const clock = new ManualClock(NOW)
  const acts: RetentionAct[] = []
  let ids = 0
  return {
    acts,
    clock,
    publicKey,
    desk: {
      bundle: () => bundle,
      records: postgresRetentionRecords(database),
      store: openRetentionStore(database),
      archive: memoryArchive(),
      upstreams: noUpstreams,
      outbox: openUpstreamOutbox(database),
      restrictions: openRestrictionStore(database),
      shownUnder: async () => new Set(),
      contractEnds: async () => new Map(),
      toldInLog: toldIn(acts),
      recipients: async () => [],
      notices: openRecipientNotices(database),
      log: {
        append: (act) => {
          acts.push(act)
          return Promise.resolve()
        },
      },
      clock,
      newId: () => `id-${++ids}-${process.hrtime.bigint()}`,
      hashKey: (resource, key) =>
        createHmac('sha256', 'secret of the test').update(`${resource}\0${key}`).digest('hex'),
      sign: certificateSigner(privateKey, 'test'),
      pause: (ms) => sleep(ms),
    },
  }
}

/** As where the records are in another database than Varco's own state: a slice and its notes are no one transaction. */
export function keptApart(desk: RetentionDesk): RetentionDesk {
  return { ...desk, records: { ...desk.records, keptIn: {} } }
}

/** As the log would say it. */
export function toldIn(acts: readonly RetentionAct[]): RetentionDesk['toldInLog'] {
  return async (resource, event, hashes) =>
    new Map(
      acts.flatMap((act) => {
        const { id, event: name, record, on = null } = act.detail as Readonly<Record<string, string>>
        return act.resource === resource &&
          name === event &&
          id !== undefined &&
          hashes.includes(record ?? '')
          ? [[record ?? '', { id, on, toldBy: person(act.operator ?? '') }]]
          : []
      }),
    )
}

/** A plan that the owner and the DPO have agreed to. */
export async function approvedPlan(desk: RetentionDesk): Promise<RetentionPlan> {
  return approved(desk, await planRetention(desk, { by: person('ADM-1') }))
}

export async function approved(desk: RetentionDesk, { id }: RetentionPlan): Promise<RetentionPlan> {
  await approvePlan(desk, { plan: id, by: person('OWN-1'), as: 'owner' })
  const outcome = await approvePlan(desk, { plan: id, by: person('DPO-1'), as: 'dpo' })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.plan
}

export async function invoiceIds({ pool }: Pick<Database, 'pool'>): Promise<readonly number[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM gse.invoice ORDER BY id')
  return rows.map(({ id }) => Number(id))
}

/** Of a run that came to its end; any other is told. */
export function certificateOf(outcome: RunOutcome): Certificate {
  if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.certificate.certificate
}

/** Pages that still hold a key. */
export async function pagesWithKeys({ pool }: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await pool.query(
    'SELECT FROM varco.retention_pages WHERE open OR begun IS NOT NULL OR cardinality(todo) > 0',
  )
  return rows.length
}
