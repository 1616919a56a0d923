import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { generateLogKeys, openAccessLog, openAccessLogReader, type AccessLog } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, type ContractId } from '@varco/core'
import {
  declarationsDigest,
  declaredWorkCounts,
  exitDossier,
  isRefusedTicket,
  takeTicketMessages,
  workTokenId,
  workTokenText,
  type TicketMessage,
  type TicketSender,
  type WorkDeclaration,
} from '@varco/engagement'
import { contractFact, copyFact, grantFact, ticketFact } from '@varco/engagement/testing'
import { openWatcher, scopeDrift, ticketIntegrity, type OversightFigures } from '@varco/oversight'
import { bundleDocumentSchema, compileBundle, type Bundle } from '@varco/policy'
import {
  countTicketUses,
  openContractLifeStore,
  openCopiesLedger,
  openEngagementStore,
  openGrantStore,
  openLogStore,
  openTicketStore,
  openWorkStore,
  postgresEventFeed,
  postgresGrantFacts,
  postgresOversightFigures,
  postgresOversightStore,
  postgresPeopleFacts,
  postgresStaffFacts,
  postgresTicketFacts,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { makeDriftReport, makeExitCertificate, makeTicketReport, type MakingDeps } from '@varco/reports'
import { reportedDocument } from '@varco/reports/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { at, chance, ENTRIES, figuresBy, reportFigures, type Figures } from './figures-of.ts'

/**
 * Every number of the reports of one contract's work, worked out again from the log and the tickets as the tables have them, by SQL
 * that shares nothing with the watch, which counted as the log grew, nor with what makes the reports.
 */

const AURORA: ContractId = asId('aurora-2026')
const BOREA: ContractId = asId('borea-2023')
const FROM = '2026-01-01T00:00:00+01:00'
const TO = '2026-06-01T00:00:00+02:00'
const MONTHS = { from: '2026-01', to: '2026-05' }
const NOW = at('2026-06-10T10:00:00+02:00')
const BY = { locale: 'it', requestedBy: 'RPD-2K9QX' } as const
/** What a ticket of Aurora's is agreed to cost. */
const AGREED = 4.5
/** Fewer people behind a count, and it is held back. */
const FEW = 5

const stack = new AsyncDisposableStack()
let database: Database
let bundle: Bundle
let making: MakingDeps & { readonly bundle: Bundle }
let figures: OversightFigures
let allOf: ReturnType<typeof figuresBy>

beforeAll(async () => {
  const document = reportedDocument()
  bundle = compileBundle(
    bundleDocumentSchema.parse({
      ...document,
      oversight: { alerts: {}, ticket_prices: { [AURORA]: AGREED } },
    }),
  )
  database = stack.use(await scratchDatabase(inject('serverUrl')))
  const keys = generateLogKeys('gse.example/varco')
  const store = stack.use(openLogStore(database, { mindsClock: false }))
  let now = at('2025-12-28T10:00:00Z')
  const clock = { now: () => ++now }
  const log = stack.use(await openAccessLog({ store, keys, clock, writer: asId('proxy-1') }))
  await tellTickets(AURORA, 1, 150)
  await tellTickets(null, 2, 60)
  await tellTickets(BOREA, 3, 10)
  await work(log, (us) => (now += us))
  const key = keys.lookup
  await openWatcher({
    feed: postgresEventFeed(database),
    store: postgresOversightStore(database),
    tickets: postgresTicketFacts(database, { key, bundle: () => bundle }),
    grants: postgresGrantFacts(database),
    people: postgresPeopleFacts(database),
    staff: postgresStaffFacts(database),
    ...{ bundle: () => bundle, clock: { now: () => NOW }, key },
  }).pass()
  await countTicketUses(database, { now: NOW, timeZone: 'Europe/Rome' })
  making = { log, reader: openAccessLogReader({ store, keys }), bundle, requestId: () => 'r' }
  figures = postgresOversightFigures(database, key)
  await database.pool.query(ENTRIES)
  await database.pool.query(WORK)
  await database.pool.query(TICKETS)
  allOf = figuresBy(database)
}, 120_000)

afterAll(() => stack.disposeAsync())

/** Half a year: of Aurora and the body's own units by twelve people each, of Borea by three. */
async function work(log: AccessLog, pass: (us: bigint) => void): Promise<void> {
  const pick = chance(11)
  const of = <T>(all: readonly T[]): T => all[pick(all.length)] as T
  for (let i = 0; i < 280; i++) {
    // Some fourteen hours apart: midnights of Rome, month ends and the beginning of summer time among them.
    pass(BigInt(pick(28 * 3_600)) * 1_000_000n)
    await Promise.all(
      Array.from({ length: 6 }, () => {
        const contract = of([AURORA, AURORA, AURORA, null, null, BOREA])
        const denied = pick(3) === 0
        const resource = of(['invoice', 'producer'] as const)
        const shown = { invoice: ['number', 'amount', 'gone_field'], producer: ['name', 'tax_code'] }[
          resource
        ]
        return log.append(
          eventDraft({
            ...{ contract, processor: contract === null ? null : contract === AURORA ? 'aurora' : 'borea' },
            operator: `${contract ?? 'GSE'}-${pick(contract === BOREA ? 3 : 12)}`,
            purpose: of(['invoice-enquiry', 'antimafia-status', 'antimafia-assessment']),
            action: of(['read', 'search']),
            resource,
            ticket: of([null, `T-${contract ?? 'GSE'}-${pick(170)}`]),
            filters: [],
            plain: denied ? [] : shown.slice(0, 2),
            masked: denied ? [] : shown.slice(2),
            ...(denied ? { decision: 'deny', reasons: ['no-rule'], rules: [], disclosures: [] } : {}),
          }),
        )
      }),
    )
  }
}

/** Histories of tickets about a dozen people: closed, opened again, told another price. */
async function tellTickets(contract: ContractId | null, seed: number, count: number): Promise<void> {
  const pick = chance(seed)
  const HOUR = 3_600_000_000n
  const prices = [undefined, '3.00', '6.50']
  const told: TicketMessage[] = []
  for (let i = 0; i < count; i++) {
    let when = at(FROM) - 200n * HOUR + BigInt(pick(3_900)) * HOUR + BigInt(i)
    const [first, then] = [prices[pick(3)], prices[pick(3)]]
    const before = told.length
    const tell = (change: Partial<TicketMessage>): void => {
      told.push({
        ...{
          id: `T-${contract ?? 'GSE'}-${i}`,
          at: when,
          purpose: i % 3 === 0 ? 'antimafia-status' : 'invoice-enquiry',
        },
        ...{ dataSubject: pick(12) === 0 && told.length === before ? null : `P-${i % 13}`, ...change },
      })
      when += BigInt(1 + pick(90)) * HOUR
    }
    tell({ status: 'open', ...(first === undefined ? {} : { price: first }) })
    for (let turns = pick(3); turns >= 0; turns--) {
      if (pick(6) > 0) tell({ status: 'closed', ...(then === undefined ? {} : { price: then }) })
      if (turns > 0) tell({ status: 'open' })
    }
  }
  const sender: TicketSender = { contract, by: asId('CRM'), source: 'feed' }
  // What is still to come is told by nobody.
  const come = told.filter(({ at: moment }) => moment <= NOW)
  const desk = { store: openTicketStore(database) }
  const verdicts = await takeTicketMessages(desk, { bundle, now: NOW }, sender, come)
  expect(verdicts.filter(isRefusedTicket)).toEqual([])
}

/** What each access was, by purpose, action and categories, in the body's months. */
const WORK = `
  CREATE TABLE fields (resource text, field text, category text);
  CREATE VIEW work AS
    SELECT e.*, to_char(e.here, 'YYYY-MM') AS month, d.dimension, d.value FROM entry e
     CROSS JOIN LATERAL (
       SELECT 'purposes' AS dimension, coalesce(e.purpose, '') AS value
       UNION ALL SELECT 'actions', coalesce(e.body->>'action', '')
       UNION ALL SELECT DISTINCT 'categories', f.category FROM fields f
                  WHERE f.resource = e.resource AND f.field IN (
                    SELECT json_array_elements_text(e.body->'plain') UNION SELECT json_array_elements_text(e.body->'masked'))) d
     WHERE e.kind = 'access'`

/** Each ticket with how often it was opened again, what was told last of its price, and its matter. */
const TICKETS = `
  CREATE VIEW told AS
    SELECT ticket, price, status, lag(status) OVER w AS before, row_number() OVER (PARTITION BY ticket ORDER BY at_us DESC) AS back
      FROM varco.ticket_changes WINDOW w AS (PARTITION BY ticket ORDER BY at_us);
  CREATE VIEW matter AS
    SELECT *, sum(is_first) OVER (PARTITION BY contract, purpose, about ORDER BY opened_us, id) AS episode FROM (
      SELECT t.id, t.contract, t.purpose, t.opened_us, t.closed_us, coalesce(t.data_subject, 'alone ' || t.id) AS about,
             (SELECT count(*) FROM told WHERE told.ticket = t.id AND status = 'open' AND before = 'closed') AS reopened,
             (SELECT price FROM told WHERE told.ticket = t.id AND back = 1) AS price,
             CASE WHEN t.opened_us - lag(t.opened_us) OVER of_them <= 30 * 86400000000 THEN 0 ELSE 1 END AS is_first
        FROM varco.tickets t
       WHERE t.opened_us >= extract(epoch FROM timestamptz '${FROM}') * 1000000 AND t.opened_us < extract(epoch FROM timestamptz '${TO}') * 1000000
      WINDOW of_them AS (PARTITION BY t.contract, t.purpose, coalesce(t.data_subject, 'alone ' || t.id) ORDER BY t.opened_us, t.id)) o`

test('of the work outside an annex, also as it was declared', async () => {
  await fillFields()
  const declared = await declareHours()
  const drift = await scopeDrift({ figures, bundle, declared }, { contract: AURORA, ...MONTHS, now: NOW })
  if (drift === null) throw new Error('the bundle knows the contract')
  const report = await makeDriftReport(making, drift, BY)
  const expected = await allOf(
    ...workOf(AURORA),
    [
      // Whole percents and tenths of them; what the annex of the contract covers is written here by hand.
      `SELECT unnest(ARRAY['accesses', 'outside']) AS name,
              unnest(ARRAY[count(*), round(1000.0 * count(*) FILTER (WHERE value NOT IN ('invoice-enquiry', 'antimafia-status')) / count(*)) / 10]) AS n, NULL AS at
         FROM work WHERE dimension = 'purposes' AND contract = $1 AND month BETWEEN '${MONTHS.from}' AND '${MONTHS.to}'`,
      AURORA,
    ],
    [HOURS],
    [
      `SELECT 'declared.months[' || month || '].unsigned' AS name, (SELECT count(*) FROM jsonb_each(handed_in) t
               WHERE t.value->>'signature' = 'AAAA') AS n, NULL AS at FROM varco.work_months`,
    ],
  )
  expect(report.purposes.filter(({ contracted }) => !contracted).map(({ value }) => value.id)).toEqual([
    'antimafia-assessment',
  ])
  expect(Object.keys(expected).length).toBeGreaterThan(90)
  expect(reportFigures(report)).toEqual(expected)
})

test('of the work of few: what is told is right, and what few people did is not told', async () => {
  const declared = { counted: async () => [] }
  const drift = await scopeDrift({ figures, bundle, declared }, { contract: BOREA, ...MONTHS, now: NOW })
  if (drift === null) throw new Error('the bundle knows the contract')
  const told = reportFigures(await makeDriftReport(making, drift, BY))
  // Nothing was declared.
  const expected: Figures = { ...(await allOf(...workOf(BOREA))), 'declared.hours': 0 }
  const { rows } = await database.pool.query<{ few: string }>(
    `SELECT DISTINCT dimension || '[' || value || '].monthly[' || month || '].accesses' AS few FROM work
      WHERE contract = $1 GROUP BY dimension, value, month HAVING count(DISTINCT operator) < ${FEW}`,
    [BOREA],
  )
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.filter(({ few }) => few in told)).toEqual([])
  const numbers = Object.entries(told).filter(([name]) => name !== 'accesses' && name !== 'outside')
  expect(numbers.map(([name]) => [name, expected[name]])).toEqual(numbers)
  // Since when there is such work is no number of anybody's.
  expect(numbers.map(([name]) => name.replace(/.*\./, ''))).toContain('first_seen')
})

/** What a report tells of a contract's work if nothing were held back. */
function workOf(contract: ContractId): readonly (readonly [sql: string, ...values: unknown[]])[] {
  const within = `contract = '${contract}' AND month BETWEEN '${MONTHS.from}' AND '${MONTHS.to}'`
  const all = `(SELECT count(*) FROM work a WHERE a.dimension = w.dimension AND a.${within.replace(' AND month', ' AND a.month')})`
  return [
    [
      `SELECT dimension || '[' || value || '].' || unnest(ARRAY['accesses', 'refused', 'share']) AS name,
              unnest(ARRAY[count(*), count(*) FILTER (WHERE decision = 'deny'), round(1000.0 * count(*) / ${all}) / 10]) AS n, NULL AS at
         FROM work w WHERE ${within} GROUP BY dimension, value`,
    ],
    [
      `SELECT dimension || '[' || value || '].first_seen' AS name, NULL::bigint AS n, min(at_us) AS at FROM work WHERE ${within} GROUP BY dimension, value`,
    ],
    [
      `WITH monthly AS (
         SELECT k.dimension, k.value, m.month, count(w.seq) AS n,
                (SELECT count(*) FROM work a WHERE a.contract = '${contract}' AND a.dimension = k.dimension AND a.month = m.month) AS of
           FROM (SELECT DISTINCT dimension, value FROM work WHERE ${within}) k
          CROSS JOIN (SELECT to_char(generate_series(date '${MONTHS.from}-01', date '${MONTHS.to}-01', interval '1 month'), 'YYYY-MM') AS month) m
           LEFT JOIN work w ON w.contract = '${contract}' AND (w.dimension, w.value, w.month) = (k.dimension, k.value, m.month)
          GROUP BY k.dimension, k.value, m.month)
       SELECT dimension || '[' || value || '].monthly[' || month || '].' || unnest(ARRAY['accesses', 'share']) AS name,
              unnest(ARRAY[n, round(1000.0 * n / of) / 10]) AS n, NULL AS at FROM monthly
       UNION ALL SELECT dimension || '[' || value || '].trend', round(regr_slope(100.0 * n / of, substr(month, 6)::int)::numeric, 3), NULL
         FROM monthly GROUP BY dimension, value`,
    ],
  ]
}

async function fillFields(): Promise<void> {
  const fields = bundle.document.catalogue.flatMap(({ resource, fields: all }) =>
    Object.entries(all).map(([field, { category }]) => [resource, field, category]),
  )
  await database.pool.query('TRUNCATE fields')
  await database.pool.query(
    'INSERT INTO fields SELECT * FROM unnest($1::text[], $2::text[], $3::text[])',
    [0, 1, 2].map((column) => fields.map((row) => row[column])),
  )
}

const HOURS = `
  WITH handed AS (
    SELECT month, h.key AS purpose, h.value::int AS hours FROM varco.work_months
     CROSS JOIN LATERAL jsonb_each(handed_in) t CROSS JOIN LATERAL jsonb_each_text(t.value->'hours') h
     WHERE t.value->>'signature' <> 'AAAA')
  SELECT 'declared.hours' AS name, sum(hours) AS n, NULL AS at FROM handed
  UNION ALL SELECT 'declared.purposes[' || purpose || '].hours', sum(hours), NULL FROM handed GROUP BY purpose
  UNION ALL SELECT 'declared.purposes[' || purpose || '].monthly[' || month || '].hours', sum(hours), NULL FROM handed GROUP BY purpose, month`

/** Two closed months of what six workers each did off the system; into the second somebody put a declaration of their own. */
async function declareHours() {
  const digests = new Map<string, string>()
  for (const [i, month] of ['2026-02', '2026-03'].entries()) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const declarations = Array.from({ length: 6 }, (_, n) =>
      declaration(month, n, privateKey, { 'invoice-enquiry': 8 + n, 'antimafia-assessment': 20 + n * i }),
    )
    if (i === 1)
      declarations.push({
        ...declaration(month, 99, privateKey, { 'invoice-enquiry': 500 }),
        signature: Buffer.alloc(3),
      })
    digests.set(month, declarationsDigest(declarations))
    await database.pool.query(
      `INSERT INTO varco.work_months (contract, month, public_key, sealed_key, announced_event, closed_event, handed_in)
       VALUES ($1, $2, $3, '', 'proxy-1.1.1', 'proxy-1.1.2', $4)`,
      [
        ...[AURORA, month, publicKey.export({ type: 'spki', format: 'der' })],
        JSON.stringify(
          Object.fromEntries(
            declarations.map(({ message, signature, hours }) => [
              workTokenId({ message }),
              { message: message.toString('base64url'), signature: signature.toString('base64url'), hours },
            ]),
          ),
        ),
      ],
    )
  }
  return declaredWorkCounts({
    store: openWorkStore(database),
    closings: {
      of: async ({ month }) => ({
        asked: [],
        closed: [
          {
            ...{ event: asId('proxy-1.1.2'), at: NOW, by: null, declared: digests.get(month) ?? '' },
            ...{ replaces: null, asked: null },
          },
        ],
      }),
    },
  })
}

/** As a worker's own computer comes to it, but signed in the open. */
function declaration(
  month: string,
  n: number,
  key: KeyObject,
  hours: Readonly<Record<string, number>>,
): WorkDeclaration {
  const random = createHash('sha256').update(`${month} ${n}`).digest()
  const message = Buffer.concat([random, Buffer.from(workTokenText({ contract: AURORA, month }))])
  const signature = sign('sha384', message, {
    ...{ key, padding: constants.RSA_PKCS1_PSS_PADDING },
    saltLength: 48,
  })
  return { message, signature, hours }
}

describe('of tickets', () => {
  const period = { from: at(FROM), to: at(TO), now: NOW }
  const INTERVAL = /_interval\./

  /** By contract; the body's own units under `-`. */
  async function ticketFigures(): Promise<{ readonly told: Figures; readonly expected: Figures }> {
    const found = await ticketIntegrity({ figures, bundle }, period)
    const told = reportFigures(await makeTicketReport(making, found, BY))
    const named = `'rows[' || coalesce(contract, '-') || '].'`
    const expected = await allOf(
      [
        `WITH neighbours AS (
           SELECT *, lag(opened_us) OVER e AS opened_before, lag(closed_us) OVER e AS closed_before,
                  lead(opened_us) OVER e AS opened_after, row_number() OVER e AS place
             FROM matter WINDOW e AS (PARTITION BY contract, purpose, about, episode ORDER BY opened_us, id))
         SELECT ${named} || unnest(ARRAY['tickets', 'splits', 'reopenings', 'closed_before_resolution']) AS name, NULL AS at,
                unnest(ARRAY[count(*),
                  count(*) FILTER (WHERE place > 1 AND (closed_before IS NULL OR closed_before > opened_us OR opened_us - opened_before <= 3 * 86400000000)),
                  count(*) FILTER (WHERE place > 1 AND closed_before <= opened_us) + sum(reopened),
                  count(*) FILTER (WHERE reopened > 0 OR closed_us <= opened_after)]) AS n
           FROM neighbours GROUP BY contract`,
      ],
      [
        `WITH episodes AS (
           SELECT contract, count(*) AS tickets, bool_and(closed_us IS NOT NULL) AS resolved, (max(closed_us) - min(opened_us)) / 60e6 AS minutes,
                  sum(coalesce(price, CASE contract WHEN '${AURORA}' THEN ${AGREED} END)) AS paid
             FROM matter GROUP BY contract, purpose, about, episode),
         ranked AS (
           SELECT contract, minutes, row_number() OVER (PARTITION BY contract ORDER BY minutes) - 1 AS place,
                  count(*) OVER (PARTITION BY contract) - 1 AS last FROM episodes WHERE resolved)
         SELECT ${named} || unnest(ARRAY['episodes', 'resolved_episodes', 'tickets_per_resolved_episode', 'price.total', 'price.per_resolved_episode']) AS name,
                unnest(ARRAY[count(*), count(*) FILTER (WHERE resolved), round(sum(tickets) FILTER (WHERE resolved) / count(*) FILTER (WHERE resolved), 2),
                  round(sum(paid), 2), round(sum(paid) / count(*) FILTER (WHERE resolved), 2)]) AS n, NULL AS at
           FROM episodes GROUP BY contract
         UNION ALL SELECT ${named} || 'time_to_resolution.' || CASE place WHEN floor(last * 0.5) THEN 'median' ELSE 'p90' END, round(minutes::numeric), NULL
           FROM ranked WHERE place IN (floor(last * 0.5), floor(last * 0.9))`,
      ],
      [
        `SELECT ${named} || 'price.per_ticket' AS name, CASE contract WHEN '${AURORA}' THEN ${AGREED} ELSE round(avg(price), 2) END AS n, NULL AS at
           FROM matter GROUP BY contract`,
      ],
      [
        `SELECT ${named} || unnest(ARRAY['accesses', 'accesses_without_ticket']) AS name, NULL AS at,
                unnest(ARRAY[count(*), count(*) FILTER (WHERE purpose IN ('invoice-enquiry', 'antimafia-status')
                  AND NOT EXISTS (SELECT FROM varco.tickets t WHERE t.id = body->>'ticket'))]) AS n
           FROM entry WHERE kind = 'access' AND decision = 'permit' AND at >= '${FROM}' AND at < '${TO}' GROUP BY contract
         UNION ALL SELECT ${named} || 'tickets_without_access', NULL, count(*) FROM matter
          WHERE NOT EXISTS (SELECT FROM entry e WHERE e.body->>'ticket' = matter.id AND e.kind = 'access' AND e.decision = 'permit'
                              AND e.at >= '${FROM}' AND e.at < '${TO}') GROUP BY contract`,
      ],
    )
    return { told, expected }
  }

  test('every number but the intervals, of each contract and of the body’s own units; few people’s are not told', async () => {
    const { told, expected } = await ticketFigures()
    const held = ['accesses', 'accesses_without_ticket', 'tickets_without_access'].map(
      (name) => `rows[${BOREA}].${name}`,
    )
    expect(held.filter((name) => name in told)).toEqual([])
    const sure = Object.fromEntries(Object.entries(told).filter(([name]) => !INTERVAL.test(name)))
    expect(Object.keys(sure).length).toBeGreaterThan(35)
    expect(sure).toEqual(
      Object.fromEntries(Object.entries(expected).filter(([name]) => !held.includes(name))),
    )
  })

  test('the intervals are those of another thousand draws, made by the database', async () => {
    const { told } = await ticketFigures()
    const drawn = await drawIntervals()
    const names = Object.keys(told).filter((name) => INTERVAL.test(name) && !name.includes(BOREA))
    expect(names.length).toBe(8)
    for (const name of names) {
      const whole = name.replace(/\.(low|high)$/, '')
      const width = Number(drawn[`${whole}.high`]) - Number(drawn[`${whole}.low`])
      expect(width, name).toBeGreaterThan(0)
      // Two draws of a thousand differ by a twelfth of it at most, and are rounded to cents.
      expect(Math.abs(Number(told[name]) - Number(drawn[name])), name).toBeLessThan(width / 6 + 0.01)
    }
  })

  async function drawIntervals(): Promise<Figures> {
    await database.pool.query(`
      CREATE TABLE drawn AS
      WITH episodes AS (
        SELECT contract, bool_and(closed_us IS NOT NULL) AS resolved, count(*) AS tickets,
               sum(coalesce(price, CASE contract WHEN '${AURORA}' THEN ${AGREED} END, 0)) AS paid
          FROM matter GROUP BY contract, purpose, about, episode),
      items AS (
        SELECT contract, 'tickets_per_resolved_episode_interval' AS name, tickets::numeric AS above, 1 AS below FROM episodes WHERE resolved
        UNION ALL SELECT contract, 'price.per_resolved_episode_interval', paid, resolved::int FROM episodes),
      placed AS (
        SELECT *, row_number() OVER w - 1 AS place, count(*) OVER (PARTITION BY contract, name) AS many
          FROM items WINDOW w AS (PARTITION BY contract, name)),
      draws AS MATERIALIZED (
        SELECT contract, name, turn, floor(random() * many)::int AS place FROM placed CROSS JOIN generate_series(1, 1000) turn)
      SELECT d.contract, d.name, turn, sum(p.above) / sum(p.below) AS ratio FROM draws d
        JOIN placed p ON p.contract IS NOT DISTINCT FROM d.contract AND (p.name, p.place) = (d.name, d.place)
       GROUP BY d.contract, d.name, turn HAVING sum(p.below) > 0`)
    return allOf([
      `SELECT 'rows[' || coalesce(contract, '-') || '].' || name || unnest(ARRAY['.low', '.high']) AS name,
              unnest(percentile_disc(ARRAY[0.025, 0.975]) WITHIN GROUP (ORDER BY ratio)) AS n, NULL AS at
         FROM drawn GROUP BY contract, name`,
    ])
  }
})

test('of the end of a contract', async () => {
  await using ending = await scratchDatabase(inject('serverUrl'))
  const engagement = openEngagementStore(ending, (_issuer, externalId) => externalId)
  const grants = openGrantStore(ending)
  const life = openContractLifeStore(ending)
  const copies = openCopiesLedger(ending)
  await engagement.putMany({
    contracts: [contractFact(), contractFact({ contract: BOREA, processor: asId('borea') })],
    tickets: Array.from({ length: 9 }, (_, i) =>
      ticketFact({
        id: asId(`T-${i}`),
        contract: i % 4 === 0 ? BOREA : AURORA,
        ...(i % 3 === 0 ? { status: 'closed', closedAt: NOW - 1n } : {}),
      }),
    ),
  })
  for (let i = 0; i < 6; i++)
    await grants.addGrant(
      grantFact({
        id: asId(`G-${i}`),
        contract: i < 4 ? AURORA : BOREA,
        state: i === 0 ? 'refused' : 'asked',
      }),
    )
  for (const [i, records] of [12, null, 7].entries())
    await copies.addCopy(copyFact({ id: `C-${i}`, records, ...(i === 2 ? { contract: BOREA } : {}) }))
  const before = figuresBy(ending)
  const expected = await before(
    [
      `SELECT 'tickets_moved' AS name, count(*) AS n, NULL AS at FROM varco.tickets WHERE contract = '${AURORA}' AND status = 'open'
       UNION ALL SELECT 'grants_revoked', count(*), NULL FROM varco.grants WHERE contract = '${AURORA}' AND state IN ('asked', 'approved')`,
    ],
    [
      `SELECT 'copies[' || id || '].records' AS name, records AS n, NULL AS at FROM varco.copies WHERE contract = '${AURORA}'`,
    ],
  )
  const insolvent = contractFact({ state: 'insolvent', since: NOW })
  const move = { move: 'declare-insolvent', from: 'active', to: 'insolvent', second: null } as const
  await life.takeMove(
    { ...move, contract: AURORA, by: asId('GSE-1'), at: NOW, reason: 'the court has opened it' },
    insolvent,
    {
      successor: BOREA,
      exitCase: (effects) => ({
        ...{ contract: AURORA, processor: asId('aurora'), cause: 'insolvency', openedBy: asId('GSE-1') },
        ...{ openedAt: NOW, dueAt: NOW + 1n, successor: BOREA, ...effects, choice: null },
        parties: [{ kind: 'curator', name: 'A curator' }],
        ...{ declarations: [], verified: null, closedAt: null, revision: 0 },
      }),
    },
  )
  const dossier = await exitDossier({ store: life, copies }, AURORA, NOW)
  if (dossier === null) throw new Error('the exit was opened')
  const report = await makeExitCertificate(making, dossier, BY)
  expect(expected).toMatchObject({ tickets_moved: 4, grants_revoked: 3, 'copies[C-0].records': 12 })
  expect(reportFigures(report)).toEqual(expected)
})
