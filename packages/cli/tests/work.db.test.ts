import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { asId, envToConfig, isoToMicros, silentDiagnostics, type ContractId } from '@varco/core'
import { closeWorkMonths, declareWork, openWorkMonth, takeWorkToken, type Occasion } from '@varco/engagement'
import { assignmentFact, operatorFact } from '@varco/engagement/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workDesk } from '../src/compose/declared-work.ts'
import { openServices, type Services } from '../src/compose/services.ts'
import { blindWorkToken } from '../src/work/work-token.ts'
import { openMigratedCommandLine, POLICIES, type CommandLine } from './command-line.ts'

const owner = { contract: asId<ContractId>('aurispola-2026'), month: '2026-06' }
const PERIOD = [
  '--contract',
  owner.contract,
  '--from',
  '2026-06',
  '--to',
  '2026-06',
  '--by',
  'DPO-1',
] as const

let terminal: CommandLine
let services: Services
let desk: ReturnType<typeof workDesk>

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
  const config = envToConfig({
    VARCO_HOME: path.join(terminal.dir, 'home'),
    VARCO_POLICIES: POLICIES,
    DATABASE_URL: terminal.database.url,
  })
  services = await openServices({ config, diagnostics: silentDiagnostics })
  desk = workDesk(services, services.commandLog)
})

afterAll(async () => {
  await services[Symbol.asyncDispose]()
  await terminal[Symbol.asyncDispose]()
})

function occasion(iso: string): Occasion {
  return { bundle: services.policy.current(), now: isoToMicros(iso) ?? 0n, requestId: asId('request') }
}

/** Everything stored, as whoever may read every table sees it. */
async function stored(): Promise<string> {
  const { rows } = await terminal.database.pool.query<{ all: string }>(
    `SELECT concat((SELECT json_agg(w) FROM varco.work_months w)::text,
      (SELECT json_agg(e.body) FROM varco.events e WHERE body ->> 'kind' LIKE 'work%')::text) AS all`,
  )
  return rows[0]?.all ?? ''
}

const WORKERS = ['carlotta', 'bernardino', 'elisabetta', 'fabiana', 'giacinta', 'ugolino']

async function employ(names: readonly string[]): Promise<void> {
  const issuer = 'https://login.aurispola.example'
  const from = isoToMicros('2026-01-31T23:00:00Z') ?? 0n
  await services.engagementWriter.putMany({
    operators: names.map((name) =>
      operatorFact({ id: asId(`aurispola:${name}`), issuer, externalId: `aurispola-${name}` }),
    ),
    assignments: names.map((name) =>
      assignmentFact({
        ...{ operator: asId(`aurispola:${name}`), contract: owner.contract, from },
        pseudonym: asId(`AUR-${name}`),
      }),
    ),
  })
}

test('six workers declare a month, and the contract’s report counts it when it is closed', async () => {
  await employ(WORKERS)
  const tokens = []
  for (const name of WORKERS) {
    const month = await openWorkMonth(desk, occasion('2026-06-10T09:00:00Z'), owner)
    const { blinded, unblind } = await blindWorkToken(owner, month?.publicKey ?? Buffer.alloc(0))
    const taken = await takeWorkToken(
      desk,
      occasion('2026-06-10T09:00:00Z'),
      { contract: owner.contract, operator: asId(`aurispola:${name}`) },
      { month: owner.month, blinded: Buffer.from(blinded) },
    )
    if (taken.ok) tokens.push(await unblind(taken.blindSignature))
  }
  for (const { contract, month, message, signature } of tokens) {
    const token = {
      ...{ contract, month, message: Buffer.from(message, 'base64url') },
      signature: Buffer.from(signature, 'base64url'),
    }
    const hours = { 'antimafia-evaluation': 40, reception: 12 }
    expect(await declareWork(desk, occasion('2026-07-03T09:00:00Z'), { token, hours })).toEqual({ ok: true })
  }
  const dump = await stored()
  for (const name of WORKERS) expect(dump).not.toContain(name)
  expect(dump).not.toMatch(/_us"|timestamp/)
  const open = await terminal.varco('--json', 'report', 'scope', ...PERIOD)
  expect(JSON.parse(open.stdout)).toMatchObject({ declared: { hours: 0, months: [] } })

  await closeWorkMonths(desk, occasion('2026-08-02T09:00:00Z'))
  const { exitCode, stdout } = await terminal.varco('--json', 'report', 'scope', ...PERIOD)
  expect(exitCode).toBe(0)
  const report = JSON.parse(stdout) as { readonly files: { readonly csv: string; readonly html: string } }
  expect(report).toMatchObject({
    declared: {
      hours: 312,
      purposes: [
        { value: { id: 'antimafia-evaluation' }, contracted: false, hours: 240 },
        { value: { id: 'reception' }, contracted: true, hours: 72 },
      ],
      months: [{ month: '2026-06', unsigned: 0 }],
    },
  })
  expect(await readFile(report.files.html, 'utf8')).toContain('Lavoro dichiarato fuori sistema')
  expect(await readFile(report.files.csv, 'utf8')).toContain(
    '"fuori sistema","Valutazione antimafia","no","2026-06","","",240',
  )
})

describe('varco work check', () => {
  const check = () => terminal.varco('work', 'check', ...PERIOD)
  /** As a superuser does it: what keeps closed months as they are is put out of action first. */
  const change = (sql: string) =>
    terminal.database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`)

  test('says that all is as the log has it, and its reading is in the log', async () => {
    expect(await check()).toMatchObject({ exitCode: 0, stdout: '2026-06  as the log has it\n' })
    const { events } = await services.reader.search({ kind: 'log-read', operator: 'DPO-1', limit: 1 })
    expect(events[0]?.detail).toMatchObject({ work: owner.contract, months: 1 })
  })

  test.each([
    [
      'hours changed by whoever may write every table',
      `UPDATE varco.work_months SET handed_in = (SELECT jsonb_object_agg(key, value || '{"hours":{"reception":400}}') FROM jsonb_each(handed_in))`,
      'not those the log closed',
    ],
    [
      'a declaration taken away',
      `UPDATE varco.work_months SET handed_in = handed_in - (SELECT min(k) FROM jsonb_object_keys(handed_in) k)`,
      'not those the log closed',
    ],
    [
      'a declaration put in',
      `UPDATE varco.work_months SET handed_in = handed_in || '{"x":{"message":"AAAA","signature":"AAAA","hours":{"reception":400}}}'`,
      'the key has not signed',
    ],
    [
      'another key',
      `UPDATE varco.work_months SET public_key = (SELECT public_key FROM varco.work_months WHERE month = '2026-05')`,
      'no such key',
    ],
  ])('sees %s', async (_, sql, fault) => {
    await change(`CREATE TABLE before AS SELECT * FROM varco.work_months WHERE month = '2026-06'`)
    const may = { ...owner, month: '2026-05' }
    await desk.store.putMonth({ ...may, ...(await desk.keys.create(may)) })
    await change(
      `${sql}${sql.includes('WHERE month') ? ` WHERE month = '2026-06'` : ` WHERE month = '2026-06'`}`,
    )
    const { exitCode, stdout } = await check()
    expect([exitCode, stdout.includes(fault)]).toEqual([1, true])
    await change(
      `UPDATE varco.work_months w SET handed_in = b.handed_in, public_key = b.public_key FROM before b
        WHERE w.month = b.month; DROP TABLE before`,
    )
    expect((await check()).exitCode).toBe(0)
  })

  test('sees more declarations than people who worked under the contract then', async () => {
    await change(`DELETE FROM varco.assignments WHERE pseudonym = 'AUR-ugolino'`)
    const { exitCode, stdout } = await check()
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('more declarations than people')])
    await employ(['ugolino'])
    expect((await check()).exitCode).toBe(0)
  })

  test('sees a month that is gone, where the log tells of it', async () => {
    await change(`CREATE TABLE kept AS SELECT * FROM varco.work_months WHERE month = '2026-06'`)
    await change(`DELETE FROM varco.work_months WHERE month = '2026-06'`)
    const { exitCode, stdout } = await check()
    expect([exitCode, stdout]).toEqual([
      1,
      '2026-06  the log tells of the month, and nothing of it is kept\n',
    ])
    const other = ['--contract', owner.contract, '--from', '2026-07', '--to', '2026-07', '--by', 'DPO-1']
    expect((await terminal.varco('work', 'check', ...other)).exitCode).toBe(0)
    await change(`INSERT INTO varco.work_months SELECT * FROM kept`)
    expect((await check()).exitCode).toBe(0)
  })

  test('sees a second key of one month, made to know a worker again', async () => {
    await openWorkMonth(
      {
        ...desk,
        store: {
          ...desk.store,
          month: absentAtFirst(2, desk),
          putMonth: async (month) => ({ ...month, announced: null, closed: null }),
        },
      },
      occasion('2026-06-11T09:00:00Z'),
      owner,
    )
    const { exitCode, stdout } = await check()
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('several keys')])
  })

  test('sees hours changed in a month that was opened again for it; it is closed anew by two people alone', async () => {
    await change(
      `UPDATE varco.work_months SET closed_event = NULL,
        handed_in = (SELECT jsonb_object_agg(key, value || '{"hours":{"reception":40}}') FROM jsonb_each(handed_in))
       WHERE month = '2026-06'`,
    )
    const refused = await closeWorkMonths(desk, occasion('2026-08-02T09:01:00Z'))
    expect(refused).toMatchObject({ refused: [owner] })
    const opened = await check()
    expect([opened.exitCode, opened.stdout]).toEqual([1, expect.stringContaining('not those the log closed')])

    const reclose = (by: string) =>
      terminal.varco('work', 'reclose', '--contract', owner.contract, '--month', '2026-06', '--by', by)
    expect(await reclose('DPO-1')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('asked for'),
    })
    expect(await reclose('dpo-1')).toMatchObject({ exitCode: 1 })
    expect(await reclose('DPO-2')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('anew') })
    const told = await check()
    expect(told.stdout).toContain('closed anew by DPO-1 and DPO-2, entry')
    expect(told.stdout).not.toContain('not those')
    expect(await reclose('DPO-2')).toMatchObject({ exitCode: 1 })
  })
})

test('the database itself opens no closed month, changes none and deletes none', async () => {
  const { pool } = terminal.database
  for (const sql of [
    `UPDATE varco.work_months SET closed_event = NULL`,
    `UPDATE varco.work_months SET handed_in = '{}'`,
    `UPDATE varco.work_months SET closed_event = 'x.1.1', handed_in = '{}'`,
    `UPDATE varco.work_months SET public_key = sealed_key`,
    `UPDATE varco.work_months SET month = '2026-01'`,
    `DELETE FROM varco.work_months`,
  ])
    await expect(pool.query(`${sql} WHERE month = '2026-06'`), sql).rejects.toThrow('stays as it is')
})

/** No month so many times, then the store's own answer. */
function absentAtFirst(times: number, { store }: typeof desk): (typeof desk)['store']['month'] {
  let asked = 0
  return async (of) => (++asked <= times ? null : store.month(of))
}

describe('wrong usage is said, and nothing sent', () => {
  const URL_OF_NOBODY = ['--url', 'http://127.0.0.1:9'] as const
  test.each([
    [['work', 'declare', ...URL_OF_NOBODY, '--token', 'x', '--hours', 'reception'], 'hours are written'],
    [
      ['work', 'declare', ...URL_OF_NOBODY, '--token', 'nowhere.json', '--hours', 'reception=8'],
      'cannot be read',
    ],
    [['work', 'declare', '--url', 'file:///x', '--token', 'x', '--hours', 'reception=8'], 'address'],
    [
      [
        'work',
        'take',
        ...URL_OF_NOBODY,
        '--contract',
        'c',
        '--month',
        '2026-13',
        '--bearer',
        'x',
        '--out',
        'y',
      ],
      'a month is written',
    ],
  ])('%j', async (argv, words) => {
    const { exitCode, stderr } = await terminal.varco(...argv)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)])
  })

  test('a file that is no token', async () => {
    const file = path.join(terminal.dir, 'no-token.json')
    await writeFile(file, '{"format":"varco/work-token"}')
    const argv = ['work', 'declare', ...URL_OF_NOBODY, '--token', file, '--hours', 'reception=8']
    expect(await terminal.varco(...argv)).toMatchObject({ exitCode: 2 })
  })

  test('a proxy that is not there', async () => {
    const file = path.join(terminal.dir, 'bearer.txt')
    await writeFile(file, 'token')
    const out = path.join(terminal.dir, 'never.json')
    const argv = [
      'work',
      'take',
      ...URL_OF_NOBODY,
      '--contract',
      'c',
      '--month',
      '2026-06',
      '--bearer',
      file,
      '--out',
      out,
    ]
    const { exitCode, stderr } = await terminal.varco(...argv)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('cannot be reached')])
    await expect(stat(out)).rejects.toThrow('ENOENT')
  })
})
