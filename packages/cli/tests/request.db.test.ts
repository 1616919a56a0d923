import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { envToConfig } from '@varco/core'
import { createSampleBody } from '@varco/demo'
import { homeOf } from '../src/compose/home.ts'
import { startSampleUpstreams } from '../src/compose/sample-upstreams.ts'
import { openMigratedCommandLine, type CommandLine } from './command-line.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
})

afterAll(() => terminal[Symbol.asyncDispose]())

const varco: CommandLine['varco'] = (...argv) => terminal.varco(...argv)

const json = async (...argv: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await varco('--json', 'request', ...argv)).stdout) as Record<string, unknown>

test('a request of access is taken in, checked, and answered by a report whose hash stands in the log', async () => {
  const received = await json('receive', '--right', 'access', '--channel', 'portal', '--by', 'URP-1')
  const id = String(received['id'])
  expect(id).toMatch(/^RQ-\d{4}-000001$/)
  expect(await varco('request', 'answer', id, '--by', 'DPO-1')).toMatchObject({
    exitCode: 1,
    stderr: 'varco: an answer with personal data needs the identity confirmed\n',
  })
  expect((await varco('request', 'list')).stdout).toContain(`${id}  Art. 15 access  identity unchecked  due `)
  await json('settle-identity', id, '--confirmed', '--by', 'URP-1')
  const answered = await json('answer', id, '--by', 'DPO-1')
  const files = answered['files'] as { json: string; hash: string }
  const file = await readFile(files.json)
  const hash = createHash('sha256').update(file).digest('hex')
  // Its number is the case under which staff could have been named; nobody was.
  expect(JSON.parse(file.toString())).toMatchObject({ about: { request: id }, identities: [] })
  expect(answered['outcome']).toMatchObject({ kind: 'answered', answer: hash, by: 'DPO-1' })
  expect(await varco('request', 'list')).toMatchObject({ exitCode: 0, stdout: 'no request is open\n' })
  const { rows } = await terminal.database.pool.query<{ body: string }>(
    `SELECT body::text AS body FROM varco.events WHERE body->>'kind' = 'request-moved' ORDER BY seq`,
  )
  expect(rows.at(-1)?.body).toContain(hash)
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('an overdue request makes the list end with 1; other rights are answered with the file that was sent', async () => {
  const { id } = await json(
    ...['receive', '--right', 'erasure', '--channel', 'post', '--received', '2026-01-15'],
    ...['--identifier', 'RSSMRA80A01H501U', '--reply-to', 'Via dell’Esempio 3', '--by', 'URP-1'],
  )
  const list = await varco('request', 'list')
  expect(list.exitCode).toBe(1)
  expect(list.stdout).toMatch(/due 2026-02-16, \d+ days late/)
  expect(list.stdout).not.toMatch(/RSSMRA|Esempio/)
  expect(
    (await varco('request', 'extend', String(id), '--reason', 'x'.repeat(20), '--by', 'DPO-1')).stderr,
  ).toBe('varco: the time can be extended within the first month only\n')
  await json('settle-identity', String(id), '--confirmed', '--by', 'URP-1')
  expect((await varco('request', 'answer', String(id), '--by', 'DPO-1')).stderr).toMatch(/with --file/)
  const letter = path.join(terminal.dir, 'letter.txt')
  await writeFile(letter, 'I dati sono stati cancellati.')
  expect(await varco('request', 'answer', String(id), '--file', letter, '--by', 'DPO-1')).toMatchObject({
    exitCode: 0,
  })
  const { rows } = await terminal.database.pool.query<{ late: boolean }>(
    `SELECT (body->'detail'->>'late')::boolean AS late FROM varco.events WHERE body->'detail'->>'act' = 'answered' ORDER BY seq`,
  )
  expect(rows.map(({ late }) => late)).toEqual([false, true])
})

test('what is missing or unknown is said, with 2 for wrong usage', async () => {
  expect(
    await varco('request', 'receive', '--right', 'oblivion', '--channel', 'post', '--by', 'URP-1'),
  ).toMatchObject({
    exitCode: 2,
  })
  expect(await varco('request', 'settle-identity', 'RQ-2026-000001', '--by', 'URP-1')).toMatchObject({
    exitCode: 2,
  })
  expect(await varco('request', 'withdraw', 'RQ-1999-000001', '--by', 'URP-1')).toMatchObject({
    exitCode: 1,
    stderr: 'varco: there is no such request\n',
  })
})

/** Of what stayed a key is told to somebody alone, and the log has who it was before they have it. */
async function readsOutcome(plan: string, request: string): Promise<void> {
  const { pool } = terminal.database
  const kept = { outcome: 'withheld', resource: 'fair_lead', why: 'hold', norm: null }
  await pool.query('UPDATE varco.retention_plans SET outcome = $2 WHERE id = $1', [
    plan,
    JSON.stringify({ request, records: [{ ...kept, key: 'LEAD-0042' }], recipients: [] }),
  ])
  const anybody = await varco('--json', 'retention', 'outcome', plan)
  expect(JSON.parse(anybody.stdout)).toMatchObject({ request, records: [kept] })
  expect(anybody.stdout).not.toContain('LEAD-0042')
  expect((await varco('retention', 'outcome', plan)).stdout).not.toContain('LEAD-0042')
  const unnamed = await varco('--json', 'retention', 'outcome', plan, '--whose')
  expect(unnamed).toMatchObject({ exitCode: 2 })
  expect(unnamed.stdout).not.toContain('LEAD-0042')
  const readings = async () =>
    (
      await pool.query<{ operator: string; shown: string }>(
        `SELECT body->>'operator' AS operator, body->'detail'->>'shown' AS shown FROM varco.events
         WHERE body->'detail'->>'read' = 'request-outcome'`,
      )
    ).rows
  expect(await readings()).toEqual([])
  const named = await varco('--json', 'retention', 'outcome', plan, '--whose', '--by', 'DPO-1')
  expect(JSON.parse(named.stdout)).toMatchObject({ records: [{ ...kept, key: 'LEAD-0042' }] })
  expect(await readings()).toEqual([{ operator: 'DPO-1', shown: '1' }])
}

test('a request for erasure goes from the desk over a plan of two people to an outcome record by record', async () => {
  const { pool } = terminal.database
  await createSampleBody(pool, { now: BigInt(Date.now()) * 1_000n, producers: 20 })
  const { rows: people } = await pool.query<{ email: string; lead_id: string }>(
    'SELECT lead_id, email FROM gse.fair_lead WHERE consent ORDER BY lead_id LIMIT 1',
  )
  const [lead] = people
  const received = await json(
    ...[
      'receive',
      '--right',
      'erasure',
      '--channel',
      'email',
      '--identifier',
      lead?.email ?? '',
      '--by',
      'URP-1',
    ],
  )
  const id = String(received['id'])
  expect(await varco('request', 'erase', id, '--by', 'URP-1')).toMatchObject({
    exitCode: 1,
    stderr: 'varco: the identity of who asks must be confirmed first\n',
  })
  await json('settle-identity', id, '--confirmed', '--by', 'URP-1')
  expect(
    (await varco('request', 'restrict', id, '--reason', 'x'.repeat(20), '--by', 'DPO-1')).stderr,
  ).toMatch(/the request is one of erasure/)
  const planned = await json('erase', id, '--by', 'URP-1')
  const [plan] = planned['plans'] as { id: string; request: string; rules: unknown }[]
  expect(plan).toMatchObject({ request: id, rules: [{ resource: 'fair_lead', records: 1 }] })
  expect(await varco('retention', 'outcome', plan?.id ?? '')).toMatchObject({ exitCode: 1 })
  await varco('retention', 'approve', plan?.id ?? '', '--as', 'owner', '--by', 'OWN-1')
  await varco('retention', 'approve', plan?.id ?? '', '--as', 'dpo', '--by', 'DPO-1')
  // What the newsletter's service has of them goes first: a command beside a sample body that is up finds it.
  const config = envToConfig({ VARCO_HOME: path.join(terminal.dir, 'home') })
  await using newsletter = await startSampleUpstreams(config, homeOf(config), { records: terminal.database })
  expect(newsletter.isSubscribed(lead?.lead_id ?? '')).toBe(true)
  const run = ['retention', 'run', plan?.id ?? '', '--execute', '--by', 'ADM-1']
  expect(await varco(...run)).toMatchObject({ exitCode: 0 })
  expect(newsletter.isSubscribed(lead?.lead_id ?? '')).toBe(false)
  const left = await pool.query('SELECT FROM gse.fair_lead WHERE lead_id = $1', [lead?.lead_id])
  expect(left.rowCount).toBe(0)
  const told = await varco('retention', 'outcome', plan?.id ?? '')
  expect(told.stdout).toContain(`what became of ${id}\n`)
  expect(told.stdout).toContain('fair_lead  erased: 1')
  expect(told.stdout).toContain('newsletter_subscriber  erased: 1')
  await readsOutcome(plan?.id ?? '', id)
  expect(await varco('retention', 'notices')).toMatchObject({
    exitCode: 0,
    stdout: 'nobody is still to be told\n',
  })
  expect(await varco('retention', 'notices', '--whose')).toMatchObject({ exitCode: 2 })
  expect(await varco('retention', 'notices', '--whose', '--by', 'DPO-1')).toMatchObject({ exitCode: 0 })
  expect(await varco('retention', 'told', 'none', '--note', 'prot. 1', '--by', 'DPO-1')).toMatchObject({
    exitCode: 1,
  })
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('a request taken in from a person’s page is carried out for that person', async () => {
  const { rows } = await terminal.database.pool.query<{ lead_id: string }>(
    'SELECT lead_id FROM gse.fair_lead ORDER BY lead_id LIMIT 1',
  )
  const lead = rows[0]?.lead_id ?? ''
  const confirmed = async (right: string): Promise<string> => {
    const by = ['--by', 'URP-1']
    const from = ['--right', right, '--channel', 'counter', '--identifier', `lead ${lead}`]
    const { id } = await json('receive', ...from, ...by)
    await json('settle-identity', String(id), '--confirmed', ...by)
    return String(id)
  }
  const access = await confirmed('access')
  const answered = await json('answer', access, '--by', 'DPO-1')
  const report = await readFile((answered['files'] as { json: string }).json, 'utf8')
  expect(JSON.parse(report)).toMatchObject({
    about: { request: access, data_subjects: [{ kind: 'lead', id: lead, in_records: true }] },
  })
  const restriction = await confirmed('restriction')
  const restrict = () => json('restrict', restriction, '--reason', 'contesta l’esattezza', '--by', 'DPO-1')
  const placed = await restrict()
  expect(placed['restrictions']).toHaveLength(1)
  expect(await restrict()).toEqual(placed)
  const erasure = await confirmed('erasure')
  const planned = await json('erase', erasure, '--by', 'URP-1')
  expect(planned['plans']).toMatchObject([
    { request: erasure, rules: [{ resource: 'fair_lead', records: 1 }] },
  ])
  expect(await json('erase', erasure, '--by', 'URP-1')).toEqual(planned)
})
