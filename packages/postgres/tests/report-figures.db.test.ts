import {
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  subjectLookup,
  verifyLog,
} from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import { asId, type DataSubjectRef } from '@varco/core'
import {
  openLogStore,
  postgresAccessFigures,
  postgresOversightStore,
  postgresSubjectRecords,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { makeAuditReport, makeBreachScope, makeSubjectReport, makeTransparencyReport } from '@varco/reports'
import { noContractTells, reportedBundle } from '@varco/reports/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { at, chance, ENTRIES, figuresBy, reportFigures } from './figures-of.ts'
import { createRecords } from './gse-records.ts'

/**
 * Every number of a report, and every first and last instant, is worked out again by SQL that shares nothing with the code that
 * made it. A figure nobody works out again fails the test as well.
 */

const FROM = '2026-01-01T00:00:00+01:00'
const TO = '2027-01-01T00:00:00+01:00'
const WITHIN_FROM = '2026-03-29T01:30:00+01:00'
const WITHIN_TO = '2026-10-25T02:30:00+02:00'
const P1: DataSubjectRef = { kind: 'producer', id: 'P1' }
const V1: DataSubjectRef = { kind: 'visitor', id: 'V1' }

const RECORDS = {
  producer: ['P1', 'P2', 'P3'].map((id) => ({ id, name: `Name ${id}`, tax_code: `T-${id}` })),
  // The last belongs to somebody the records no longer have.
  invoice: Array.from({ length: 8 }, (_, i) => ({
    ...{ id: String(i + 1), producer_id: `P${(i % 4) + 1}`, number: `2026/${i}`, amount: '1.00' },
  })),
  antimafia_check: [{ id: '1', producer_id: 'P1', status: 'valid' }],
  invoice_line: ['1', '5', '2'].map((invoice, i) => ({ id: String(100 + i), invoice_id: invoice })),
  visitor: [{ badge: 'V1', first_name: 'A', last_name: 'B' }],
}

let database: Database & AsyncDisposable
let subject: (who: DataSubjectRef) => string
let deps: Parameters<typeof makeAuditReport>[0]
let records: ReturnType<typeof postgresSubjectRecords>
let verdict: Parameters<typeof makeAuditReport>[1]['verdict']
let allOf: ReturnType<typeof figuresBy>
let close: () => Promise<void>

beforeAll(async () => {
  const bundle = reportedBundle()
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database, bundle, RECORDS)
  const keys = generateLogKeys('gse.example/varco')
  const lookup = subjectLookup(keys.lookup)
  subject = (who) => Buffer.from(lookup(who), 'latin1').toString('hex')
  const store = openLogStore(database, { mindsClock: false })
  let now = at('2025-12-20T10:00:00Z')
  const anchors = [memoryAnchor()]
  const log = await openAccessLog({
    store,
    keys,
    anchors,
    clock: { now: () => ++now },
    writer: asId('proxy-1'),
  })
  const pick = chance(7)
  const of = <T>(all: readonly T[]): T => all[pick(all.length)] as T
  for (let i = 0; i < 240; i++) {
    // Some forty hours apart: over a year, midnights of Rome and summer time among them.
    now += BigInt(pick(80 * 3_600)) * 1_000_000n
    const company = of(['aurora', 'borea', null, 'gone-ltd'] as const)
    const resource = of(['invoice', 'invoice', 'antimafia_check'] as const)
    const denied = pick(5) === 0
    const shown = Array.from({ length: 1 + pick(3) }, () => 1 + pick(8))
    await log.append(
      eventDraft({
        ...{ processor: company, contract: company === null ? null : `${company}-2026` },
        ...{ operator: `OP-${pick(4)}`, unit: of(['contact-centre', 'antimafia-unit', null]) },
        ...{ purpose: of(['invoice-enquiry', 'antimafia-status', 'no-longer-known', null]), resource },
        plain: denied
          ? []
          : resource === 'invoice'
            ? of([
                ['number', 'amount'],
                ['status', 'gone_field'],
              ])
            : ['outcome'],
        masked: denied ? [] : resource === 'invoice' ? ['iban', 'tax_code'] : [],
        decision: denied ? 'deny' : 'permit',
        disclosures: denied
          ? []
          : [
              ...(resource === 'invoice'
                ? [...new Set(shown)].map((id) => ({
                    ...{ resource, recordKey: String(id) },
                    dataSubject: { kind: 'producer', id: `P${((id - 1) % 4) + 1}` },
                  }))
                : [{ resource, recordKey: '1', dataSubject: P1 }]),
              ...(pick(9) === 0 ? [{ resource: 'visitor', recordKey: 'V1', dataSubject: V1 }] : []),
            ],
      }),
    )
  }
  const reader = openAccessLogReader({ store, keys })
  records = postgresSubjectRecords(database)
  await database.pool.query(ALERTS)
  const alerts = async (from: bigint, to: bigint) => {
    const counts = await postgresOversightStore(database).alertCounts({ from, to })
    return { ...counts, raised: counts.open + counts.explained + counts.confirmed }
  }
  deps = {
    ...{ log, reader, bundle, alerts, requestId: () => 'r' },
    ...{ figures: postgresAccessFigures(database), heldByContract: noContractTells },
  }
  verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
  const fields = bundle.document.catalogue.flatMap(({ resource, fields: all }) =>
    Object.entries(all).map(([field, { category }]) => [resource, field, category]),
  )
  await database.pool.query('CREATE TABLE fields (resource text, field text, category text)')
  await database.pool.query(
    'INSERT INTO fields SELECT * FROM unnest($1::text[], $2::text[], $3::text[])',
    [0, 1, 2].map((column) => fields.map((row) => row[column])),
  )
  await database.pool.query(ENTRIES)
  await database.pool.query(SHOWN)
  allOf = figuresBy(database)
  close = async () => {
    await log[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  }
}, 60_000)

afterAll(async () => {
  await close()
})

/** Eleven, of which two were raised in other years. */
const ALERTS = `
  INSERT INTO varco.alerts (id, key, generation, rule, facts, events, event_count, first_us, last_us, raised_us, state, answered_by, notify_by_us)
  SELECT 'A-' || n, 'key-' || n, 1, 'volume', '[]', '{}', 0, raised, raised, raised, state,
         CASE WHEN state <> 'open' THEN 'RPD-2K9QX' END, CASE state WHEN 'confirmed' THEN raised END
    FROM (SELECT n, extract(epoch FROM timestamptz '2025-11-20 12:00+01' + n * interval '42 days')::bigint * 1000000 AS raised,
                 (ARRAY['open', 'explained', 'confirmed', 'explained'])[1 + n % 4] AS state
            FROM generate_series(1, 11) n) r`

/** Each record an access showed, and whose it is by the body's own tables. */
const SHOWN = `
  CREATE VIEW shown AS
    SELECT e.*, d.subject, d.resource AS shown_resource, d.record_key,
           CASE d.resource WHEN 'invoice' THEN (SELECT 'producer ' || producer_id FROM gse.invoice WHERE id::text = d.record_key)
                           WHEN 'antimafia_check' THEN (SELECT 'producer ' || producer_id FROM gse.antimafia_check WHERE id::text = d.record_key)
                           WHEN 'visitor' THEN 'visitor ' || d.record_key END AS owner
      FROM varco.disclosures d JOIN entry e USING (writer, epoch, seq, at_us) WHERE d.resource IS NOT NULL;`

const BY = { locale: 'it', requestedBy: 'RPD-2K9QX' } as const

test('of an access report', async () => {
  const report = await makeSubjectReport(
    { ...deps, records },
    { ...BY, identifier: null, dataSubjects: [P1, V1] },
  )
  const of = `(SELECT DISTINCT writer, epoch, seq, at, at_us, here, company, contract, purpose FROM shown
                WHERE subject IN ('${subject(P1)}', '${subject(V1)}') AND at <= '${report.made.at}' AND kind = 'access') AS a`
  const span = (name: string, group: string) =>
    [
      `SELECT ${name} || '.accesses' AS name, count(*) AS n, NULL::bigint AS at FROM ${of} ${group}
       UNION ALL SELECT ${name} || '.first', NULL, min(at_us) FROM ${of} ${group}
       UNION ALL SELECT ${name} || '.last', NULL, max(at_us) FROM ${of} ${group}`,
    ] as const
  const expected = await allOf(
    span(`'summary.seen'`, ''),
    span(`'summary.by_company[' || coalesce(company, '-') || '].seen'`, 'GROUP BY company'),
    span(`'recipients[' || company || '].seen'`, `WHERE company IN ('aurora', 'borea') GROUP BY company`),
    span(
      `'recipients[' || company || '].contracts[' || contract || '].seen'`,
      `WHERE contract IN ('aurora-2026', 'borea-2023') GROUP BY company, contract`,
    ),
    [
      `SELECT 'summary.by_month[' || to_char(month, 'YYYY-MM') || '].accesses' AS name,
              (SELECT count(*) FROM ${of} WHERE date_trunc('month', here) = month) AS n, NULL AS at
         FROM (SELECT generate_series(date_trunc('month', min(here)), max(here), interval '1 month') AS month FROM ${of}) m`,
    ],
    [
      `SELECT 'purposes[' || p || '].accesses' AS name, (SELECT count(*) FROM ${of} WHERE purpose = p) AS n, NULL AS at
         FROM unnest($1::text[]) AS p`,
      report.purposes.map(({ id }) => id),
    ],
    [
      `SELECT 'archives[invoice].records' AS name, count(*) AS n, NULL AS at FROM gse.invoice WHERE producer_id = 'P1'
       UNION ALL SELECT 'archives[antimafia_check].records', count(*), NULL FROM gse.antimafia_check WHERE producer_id = 'P1'
       UNION ALL SELECT 'archives[producer].records', count(*), NULL FROM gse.producer WHERE id = 'P1'
       UNION ALL SELECT 'archives[visitor].records', count(*), NULL FROM gse.visitor WHERE badge = 'V1'
       UNION ALL SELECT 'archives[invoice_line].records', count(*), NULL FROM gse.invoice_line l
                   JOIN gse.invoice i ON i.id = l.invoice_id WHERE i.producer_id = 'P1'`,
    ],
    [
      `SELECT 'log.writers[' || writer || '].size' AS name, count(*) AS n, NULL AS at FROM entry WHERE at < '${report.made.at}' GROUP BY writer`,
    ],
  )
  const figures = reportFigures(report)
  // Borea's contract in the bundle is another than the one in the log: seen by nobody.
  expect(Object.keys(expected).length).toBeGreaterThan(40)
  expect({ ...expected, 'recipients[borea].contracts[borea-2023].seen.accesses': 0 }).toEqual(figures)
  expect(report.accesses).toHaveLength(report.summary.seen.accesses)
})

test.each([
  ['everything', {}, 'TRUE'],
  ['an operator', { operator: 'OP-1' }, `operator = 'OP-1'`],
  ['a company', { processor: 'borea' }, `company = 'borea'`],
  ['a contract', { contract: 'aurora-2026' }, `body->>'contract' = 'aurora-2026'`],
  ['a node', { node: 'proxy-1' }, `writer = 'proxy-1'`],
  [
    'a stretch of time',
    { from: at(WITHIN_FROM), to: at(WITHIN_TO) },
    `at >= '${WITHIN_FROM}' AND at < '${WITHIN_TO}'`,
  ],
] as const)('of a breach that reached %s', async (_, part, where) => {
  const { scope } = await makeBreachScope(
    { ...deps, records },
    {
      ...{ ...BY, reference: 'INC', description: 'x', awareAt: at(TO), withPeople: false },
      compromised: { from: at(FROM), to: at(TO), ...part },
    },
  )
  const within = `kind = 'access' AND at >= '${FROM}' AND at < '${TO}' AND ${where}`
  const categories = `(SELECT s.owner, f.category, bool_or(plain) AS plain FROM shown s
      CROSS JOIN LATERAL (
        SELECT name, TRUE AS plain FROM json_array_elements_text(s.body->'plain') AS name
        UNION ALL SELECT name, FALSE FROM json_array_elements_text(s.body->'masked') AS name
      ) seen
      CROSS JOIN LATERAL (SELECT coalesce((SELECT category FROM fields WHERE fields.resource = s.resource AND field = seen.name), seen.name) AS category) f
     WHERE ${within} AND s.owner IS NOT NULL GROUP BY s.owner, f.category) AS c`
  const expected = await allOf(
    [
      `SELECT 'figures.' || name AS name, n, at FROM (
         SELECT 'accesses' AS name, count(*) AS n, NULL::bigint AS at FROM entry WHERE ${within}
         UNION ALL SELECT 'denied', count(*), NULL FROM entry WHERE ${within} AND decision = 'deny'
         UNION ALL SELECT 'first', NULL, min(at_us) FROM entry WHERE ${within}
         UNION ALL SELECT 'last', NULL, max(at_us) FROM entry WHERE ${within}
         UNION ALL SELECT 'records', count(DISTINCT (shown_resource, record_key)), NULL FROM shown WHERE ${within}
         UNION ALL SELECT 'data_subjects', count(DISTINCT owner), NULL FROM shown WHERE ${within}
         UNION ALL SELECT 'records_without_owner', count(DISTINCT (shown_resource, record_key)), NULL FROM shown WHERE ${within} AND owner IS NULL
         UNION ALL SELECT 'records_erased', sum((body->'disclosed'->>'count')::int) - (SELECT count(*) FROM shown WHERE ${within}), NULL FROM entry WHERE ${within}
       ) f`,
    ],
    [
      `SELECT 'by_kind[' || split_part(owner, ' ', 1) || '].data_subjects' AS name, count(DISTINCT owner) AS n, NULL AS at
         FROM shown WHERE ${within} AND owner IS NOT NULL GROUP BY split_part(owner, ' ', 1)`,
    ],
    [
      `SELECT 'by_category[' || category || '].in_plain' AS name, count(*) FILTER (WHERE plain) AS n, NULL AS at FROM ${categories} GROUP BY category
       UNION ALL SELECT 'by_category[' || category || '].masked_only', count(*) FILTER (WHERE NOT plain), NULL FROM ${categories} GROUP BY category`,
    ],
    [
      `SELECT 'by_resource[' || resource || '].accesses' AS name, count(DISTINCT (writer, epoch, seq)) AS n, NULL AS at FROM shown WHERE ${within} GROUP BY resource
       UNION ALL SELECT 'by_resource[' || resource || '].records', count(DISTINCT (shown_resource, record_key)), NULL FROM shown WHERE ${within} GROUP BY resource
       UNION ALL SELECT 'by_resource[' || resource || '].data_subjects', count(DISTINCT owner), NULL FROM shown WHERE ${within} GROUP BY resource`,
    ],
    [
      `SELECT 'by_day[' || to_char(here, 'YYYY-MM-DD') || '].accesses' AS name, count(*) AS n, NULL AS at FROM entry WHERE ${within} GROUP BY to_char(here, 'YYYY-MM-DD')
       UNION ALL SELECT 'by_day[' || to_char(e.here, 'YYYY-MM-DD') || '].records', count(d.pos), NULL FROM entry e
         LEFT JOIN varco.disclosures d ON (d.writer, d.epoch, d.seq) = (e.writer, e.epoch, e.seq) AND d.resource IS NOT NULL
         WHERE ${within.replaceAll(/\b(kind|at|operator|company|body|writer)\b/g, 'e.$1')} GROUP BY to_char(e.here, 'YYYY-MM-DD')`,
    ],
    [
      `SELECT 'by_operator[' || concat_ws('/', operator, coalesce(company, '-'), coalesce(unit, '-')) || '].accesses' AS name, count(*) AS n, NULL AS at
         FROM entry WHERE ${within} GROUP BY operator, company, unit`,
    ],
  )
  expect(Object.keys(expected).length).toBeGreaterThan(30)
  expect(expected).toEqual(reportFigures(scope))
})

test('of the yearly audit, and of what is published of the same year', async () => {
  const period = { from: at(FROM), to: at(TO) }
  // So few accesses a month would all be held back: each counts for five, and so does who made it.
  const figures: typeof deps.figures = {
    count: async (...asked) =>
      (await deps.figures.count(...asked)).map((figure) =>
        figure.kind === 'access'
          ? { ...figure, count: figure.count * 5, workers: figure.workers * 5 }
          : figure,
      ),
  }
  const audit = await makeAuditReport({ ...deps, figures }, { ...BY, ...period, verdict, now: at(TO) })
  const within = `at >= '${FROM}' AND at < '${TO}'`
  const split = (name: string, group: string) =>
    [
      `SELECT ${name} || '.permitted' AS name, 5 * count(*) FILTER (WHERE decision = 'permit') AS n, NULL AS at FROM entry WHERE kind = 'access' AND ${within} ${group}
       UNION ALL SELECT ${name} || '.denied', 5 * count(*) FILTER (WHERE decision = 'deny'), NULL FROM entry WHERE kind = 'access' AND ${within} ${group}`,
    ] as const
  const expected = await allOf(
    split(`'accesses'`, ''),
    split(`'accesses.by_month[' || to_char(here, 'YYYY-MM') || ']'`, `GROUP BY to_char(here, 'YYYY-MM')`),
    [
      `SELECT 'accesses.by_month[' || to_char(here, 'YYYY-MM') || '].total' AS name, 5 * count(*) AS n, NULL AS at FROM entry
        WHERE kind = 'access' AND ${within} GROUP BY to_char(here, 'YYYY-MM')`,
    ],
    split(`'accesses.by_company[' || coalesce(company, '-') || ']'`, 'GROUP BY company'),
    [
      `SELECT 'other_entries[' || kind || '].entries' AS name, count(*) AS n, NULL AS at FROM entry
        WHERE kind <> 'access' AND ${within} AND at < '${audit.made.at}' GROUP BY kind`,
    ],
    [
      `SELECT 'alerts.' || unnest(ARRAY['raised', 'open', 'explained', 'confirmed']) AS name,
              unnest(ARRAY[count(*), count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'explained'),
                           count(*) FILTER (WHERE state = 'confirmed')]) AS n, NULL AS at FROM varco.alerts
        WHERE raised_us >= extract(epoch FROM timestamptz '${FROM}') * 1000000 AND raised_us < extract(epoch FROM timestamptz '${TO}') * 1000000`,
    ],
    [
      // The verification was made before the reports of these tests were.
      `SELECT 'integrity.events' AS name, count(*) AS n, NULL AS at FROM entry WHERE kind <> 'report-made'
       UNION ALL SELECT 'integrity.disclosures', count(*), NULL FROM varco.disclosures d JOIN entry e USING (writer, epoch, seq, at_us) WHERE e.kind <> 'report-made'
       UNION ALL SELECT 'integrity.trees[' || writer || '].size', count(*), NULL FROM entry WHERE kind <> 'report-made' GROUP BY writer`,
    ],
  )
  const told = reportFigures(audit)
  // Months in which nothing happened are there too, with nothing; what is held back is not.
  const silent = Object.keys(told).filter((name) => name.includes('by_month') && !(name in expected))
  const heldBack = Object.keys(expected).filter((name) => name.startsWith('accesses.') && !(name in told))
  const rest = Object.fromEntries(Object.entries(expected).filter(([name]) => !heldBack.includes(name)))
  expect({ ...rest, ...Object.fromEntries(silent.map((name) => [name, 0])) }).toEqual(told)
  expect(Object.keys(told).filter((name) => name.startsWith('accesses.')).length).toBeGreaterThan(10)

  const published = await makeTransparencyReport({ ...deps, figures }, { ...BY, ...period, now: period.to })
  const { rows, ...totals } = published.by_month
  const shown = [
    ...rows.flatMap(({ month, permitted, denied }) => [
      [`accesses.by_month[${month}].permitted`, permitted] as const,
      [`accesses.by_month[${month}].denied`, denied] as const,
    ]),
    ['accesses.permitted', totals.permitted] as const,
    ['accesses.denied', totals.denied] as const,
  ].filter(([, figure]) => figure !== null)
  expect(shown.length).toBeGreaterThan(10)
  expect(shown).toEqual(shown.map(([name]) => [name, Number(expected[name] ?? 0)]))
  const matrix = await allOf([
    `SELECT coalesce(purpose, '') || '/' || coalesce(company, '-') AS name, count(*) AS n, NULL AS at FROM entry
      WHERE kind = 'access' AND decision = 'permit' AND ${within} GROUP BY purpose, company`,
  ])
  const { companies } = published.by_purpose
  const cells = published.by_purpose.rows
    .flatMap(({ purpose, accesses }) =>
      accesses.map((figure, i) => [`${purpose.id}/${companies[i]?.id ?? '-'}`, figure] as const),
    )
    .filter(([, figure]) => figure !== null)
  expect(cells.length).toBeGreaterThan(3)
  expect(cells).toEqual(cells.map(([name]) => [name, Number(matrix[name] ?? 0) * 5]))
})
