import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { runVarco } from '@varco/cli'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openMigratedCommandLine, POLICIES, type CommandLine } from './command-line.ts'
import { onTerminal } from './on-terminal.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
  await terminal.database.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.visitor (visitor_id text PRIMARY KEY, arrived_at timestamptz);
    INSERT INTO gse.visitor VALUES ('V1', '2020-01-01'), ('V2', '2020-01-02'), ('V3', '2999-01-01'), ('V4', NULL)`)
})

afterAll(() => terminal[Symbol.asyncDispose]())

const varco: CommandLine['varco'] = (...argv) => terminal.varco(...argv)

async function visitors(): Promise<readonly string[]> {
  const { rows } = await terminal.database.pool.query<{ visitor_id: string }>(
    'SELECT * FROM gse.visitor ORDER BY 1',
  )
  return rows.map((row) => row.visitor_id)
}

test('from the plan to a certificate that is checked offline, with two people and a hold', async () => {
  const subject = ['--case', 'RG 12/2026', '--reason', 'a dispute before the court', '--by', 'LEG-1']
  expect(
    await varco('retention', 'hold', '--resource', 'visitor', '--record', 'V2', ...subject),
  ).toMatchObject({ exitCode: 0 })
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const plan = JSON.parse(made.stdout) as { id: string; rules: unknown[] }
  expect(plan).toMatchObject({
    missingApprovals: ['owner', 'dpo'],
    rules: [{ records: 2, held: 1, withoutTrigger: 1, oldest: '2020-01-01' }],
  })
  const early = await varco('retention', 'run', plan.id, '--execute', '--by', 'ADM-1')
  expect(early).toMatchObject({ exitCode: 1, stderr: 'varco: The plan is not approved yet.\n' })
  await varco('retention', 'approve', plan.id, '--as', 'owner', '--by', 'OWN-1')
  expect(await varco('retention', 'approve', plan.id, '--as', 'dpo', '--by', 'OWN-1')).toMatchObject({
    exitCode: 1,
  })
  await varco('retention', 'approve', plan.id, '--as', 'dpo', '--by', 'DPO-1')
  const dry = await varco('retention', 'run', plan.id, '--by', 'ADM-1')
  expect(dry.stdout).toMatch(/Nothing was changed/)
  expect(await visitors()).toEqual(['V1', 'V2', 'V3', 'V4'])
  const ran = await varco('retention', 'run', plan.id, '--execute', '--by', 'ADM-1')
  expect(ran).toMatchObject({ exitCode: 0 })
  expect(ran.stdout).toMatch(/visitor-erase {2}erase {2}1 done; kept: 1 held/)
  expect(await visitors()).toEqual(['V2', 'V3', 'V4'])

  const file = path.join(terminal.dir, 'certificate.jws')
  const { stdout: jws } = await varco('retention', 'certificate', plan.id)
  await writeFile(file, jws)
  expect(await varco('retention', 'certificate', '--verify', file)).toMatchObject({ exitCode: 0 })
  await writeFile(file, jws.replace(/\..{8}/, '.AAAAAAAA'))
  expect(await varco('retention', 'certificate', '--verify', file)).toMatchObject({ exitCode: 1 })
  const { rows } = await terminal.database.pool.query<{ body: string }>(
    'SELECT body::text AS body FROM varco.events',
  )
  const told = rows.map(({ body }) => body).join('\n')
  expect(told).toContain('retention-certified')
  expect(told).not.toMatch(/"V[1-4]"|dispute|RG 12/)
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('a restored backup is found again', async () => {
  await terminal.database.pool.query(
    "INSERT INTO gse.visitor VALUES ('V1', '2020-01-01'), ('V9', '2020-01-01')",
  )
  const { stdout } = await varco('--json', 'retention', 'replay', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const plan = JSON.parse(stdout) as { id: string; state: string }
  expect(plan.state).toBe('approved')
  expect(await varco('retention', 'run', plan.id, '--execute', '--by', 'ADM-1')).toMatchObject({
    exitCode: 0,
  })
  expect(await visitors()).toEqual(['V2', 'V3', 'V4', 'V9'])
})

test('a plan that has begun is ended, and what did not go is certified as not reached', async () => {
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const { id } = JSON.parse(made.stdout) as { id: string }
  expect(await varco('retention', 'end', id, '--by', 'DPO-1')).toMatchObject({
    exitCode: 1,
    stderr: 'varco: The plan has not begun yet: it can be called off.\n',
  })
  await terminal.database.pool.query(
    `UPDATE varco.retention_plans SET state = 'paused',
       plan = (plan::jsonb || '{"state": "paused", "startedAt": "1"}')::text WHERE id = $1`,
    [id],
  )
  const ended = await varco('--json', 'retention', 'end', id, '--by', 'DPO-1')
  expect(JSON.parse(ended.stdout)).toMatchObject({
    certificate: { ended_early: { by: 'DPO-1' }, rules: [{ done: 0, kept: { not_reached: 2 } }] },
  })
  expect(await visitors()).toEqual(['V2', 'V3', 'V4', 'V9'])
})

test('a restriction is lifted by another person, and neither the record nor its number is told', async () => {
  const reason = ['--reason', 'request 2026-118, Art. 18(1)(a)', '--by', 'DPO-1']
  const placed = await varco(
    ...['--json', 'retention', 'restrict', '--resource', 'visitor', '--record', 'V3'],
    ...reason,
  )
  const { id } = JSON.parse(placed.stdout) as { id: string }
  const listed = await varco('--json', 'retention', 'restrictions')
  expect(JSON.parse(listed.stdout)).toMatchObject({ restrictions: [{ id, scope: 'record' }] })
  expect(placed.stdout + listed.stdout).not.toContain('V3')
  expect(await varco('retention', 'lift', id, '--by', 'DPO-1')).toMatchObject({ exitCode: 1 })
  expect(await varco('retention', 'lift', id, '--by', 'LEG-1')).toMatchObject({ exitCode: 0 })
  expect((await varco('retention', 'restrictions')).stdout).toBe('no restriction is in force\n')
  expect(await varco('retention', 'restrict', '--resource', 'visitor', ...reason)).toMatchObject({
    exitCode: 2,
  })
})

test('what is missing or unknown is said, with 2 for wrong usage', async () => {
  const held = ['--case', 'RG 1', '--reason', 'a dispute before the court', '--by', 'LEG-1']
  expect(await varco('retention', 'hold', ...held)).toMatchObject({ exitCode: 2 })
  expect(await varco('retention', 'hold', '--resource', 'visitors', ...held)).toMatchObject({ exitCode: 2 })
  const impossible = ['--resource', 'contact_note', '--record', '12']
  const refusal = { exitCode: 1, stderr: 'varco: No record and no data subject can have this key.\n' }
  expect(await varco('retention', 'hold', ...impossible, ...held)).toMatchObject(refusal)
  expect(await varco('retention', 'restrict', ...impossible, ...held.slice(2))).toMatchObject(refusal)
  expect(await varco('retention', 'run', 'none', '--by', 'ADM-1')).toMatchObject({ exitCode: 1 })
  expect(await varco('retention', 'certificate')).toMatchObject({ exitCode: 2 })
  expect(await varco('retention', 'run', 'none', '--duty', '2', '--by', 'ADM-1')).toMatchObject({
    exitCode: 2,
  })
})

test('on a terminal a run shows how far it is, and gives the cursor back', async () => {
  await terminal.database.pool.query(
    "INSERT INTO gse.visitor VALUES ('T1', '2020-01-01'), ('T2', '2020-01-01')",
  )
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const { id } = JSON.parse(made.stdout) as { id: string }
  await varco('retention', 'approve', id, '--as', 'owner', '--by', 'OWN-1')
  await varco('retention', 'approve', id, '--as', 'dpo', '--by', 'DPO-1')
  const run = ['retention', 'run', id, '--execute', '--by', 'ADM-1']
  const { screen, exitCode } = await onTerminal(terminal.env, run)
  expect(exitCode, screen).toBe(0)
  expect(screen).toMatch(/disposing █+ 100% (\d+)\/\1/)
  expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
  expect((await visitors()).filter((key) => key.startsWith('T'))).toEqual([])
})

test('rules with mistakes are refused where they stand, and the running ones stay', async () => {
  const bundle = path.join(terminal.dir, 'policies-with-mistakes')
  await cp(POLICIES, bundle, { recursive: true })
  const rules = path.join(bundle, 'retention', 'contacts.yaml')
  const text = await readFile(rules, 'utf8')
  const planned = async (): Promise<unknown> => {
    const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
    const { policyVersion, rules: listed } = JSON.parse(made.stdout) as {
      policyVersion: string
      rules: { records: number; digest: string }[]
    }
    return { policyVersion, listed: listed.map(({ records, digest }) => [records, digest]) }
  }
  const before = await planned()
  for (const wrong of [
    'after: 10 years',
    'after: P1M2W',
    'after: -P30D',
    'after: P30D\n    schedule: "60 2 * * *"',
  ]) {
    await writeFile(rules, text.replace('after: P30D', wrong))
    const pushed = await varco('policy', 'push', bundle, '--by', 'ADM-1')
    expect(pushed.exitCode, wrong).not.toBe(0)
    expect(pushed.stdout + pushed.stderr, wrong).toMatch(/retention\/contacts\.yaml:\d+/)
  }
  expect(await planned()).toEqual(before)
})

test('the list goes to an authority as CSV and PDF, comes back shorter, and the minutes and the certificate say so', async () => {
  const bundle = path.join(terminal.dir, 'policies')
  await cp(POLICIES, bundle, { recursive: true })
  const rules = path.join(bundle, 'retention', 'contacts.yaml')
  const text = await readFile(rules, 'utf8')
  await writeFile(
    rules,
    text.replace(/( {4}after: P30D\n)/, '$1    approval: authority\n    schedule: "30 2 * * *"\n'),
  )
  const { stdout: pushed } = await varco('policy', 'push', bundle, '--by', 'ADM-1')
  await varco('policy', 'activate', pushed.slice(7, 71), '--by', 'DPO-1')
  await terminal.database.pool.query(
    "INSERT INTO gse.visitor VALUES ('L1', '2020-01-01'), ('L2', '2020-01-01'), ('L3', '2020-01-01')",
  )
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const { id } = JSON.parse(made.stdout) as { id: string }
  await varco('retention', 'approve', id, '--as', 'owner', '--by', 'OWN-1')
  await varco('retention', 'approve', id, '--as', 'dpo', '--by', 'DPO-1')
  const sent = await varco('--json', 'retention', 'export', id, '--folder', terminal.dir, '--by', 'ADM-1')
  const { csv, pdf } = JSON.parse(sent.stdout) as { csv: string; pdf: string }
  expect((await readFile(pdf)).subarray(0, 8).toString()).toBe('%PDF-1.7')
  const list = await readFile(csv, 'utf8')
  expect(list).toContain('"visitor-erase","visitor","L2","2020-01-01"')
  const back = path.join(terminal.dir, 'back.csv')
  await writeFile(
    back,
    list
      .split('\r\n')
      .filter((line) => !/"(?:L2|V9)"/.test(line))
      .join('\r\n'),
  )
  const leave = ['--as', 'authority', '--reference', 'prot. 7/2026', '--list', back] as const
  expect(await varco('retention', 'approve', id, ...leave.with(1, 'dpo'), '--by', 'ARC-1')).toMatchObject({
    exitCode: 2,
  })
  expect(await varco('retention', 'approve', id, ...leave, '--by', 'ARC-1')).toMatchObject({ exitCode: 0 })
  const minutes = JSON.parse((await varco('--json', 'retention', 'minutes', id)).stdout) as { json: string }
  expect(JSON.parse(await readFile(minutes.json, 'utf8'))).toMatchObject({
    approvals: [{ as: 'owner' }, { as: 'dpo' }, { as: 'authority', reference: 'prot. 7/2026' }],
  })
  expect(await varco('retention', 'run', id, '--execute', '--by', 'ADM-1')).toMatchObject({ exitCode: 0 })
  expect((await visitors()).filter((key) => key.startsWith('L'))).toEqual(['L2'])
  const saved = await varco('--json', 'retention', 'certificate', id, '--pdf')
  const filed = JSON.parse(saved.stdout) as { jws: string; pdf: string }
  expect((await readFile(filed.pdf)).length).toBeGreaterThan(10_000)
  expect(await varco('retention', 'certificate', '--verify', filed.jws)).toMatchObject({ exitCode: 0 })
})

test('an event is told of a record, corrected and withdrawn; the day is one, and so is the record', async () => {
  const bundle = path.join(terminal.dir, 'policies-with-event')
  await cp(POLICIES, bundle, { recursive: true })
  const rules = path.join(bundle, 'retention', 'contacts.yaml')
  const text = await readFile(rules, 'utf8')
  const event = '{ id: badge-returned, title: { it: riconsegna del badge, en: return of the badge } }'
  await writeFile(
    rules,
    text.replace(
      '{ field: arrived_at }\n    after: P30D\n',
      `{ field: arrived_at, event: ${event} }\n    after: P30D\n    schedule: "30 2 * * *"\n`,
    ),
  )
  const { stdout: pushed } = await varco('policy', 'push', bundle, '--by', 'ADM-1')
  await varco('policy', 'activate', pushed.slice(7, 71), '--by', 'DPO-1')
  await terminal.database.pool.query(
    "INSERT INTO gse.visitor VALUES ('E1', '2020-01-01'), ('E2', '2020-01-01')",
  )
  const due = async (): Promise<unknown> => {
    const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
    return (JSON.parse(made.stdout) as { rules: { records: number }[] }).rules[0]?.records
  }
  const tell = (...more: readonly string[]) =>
    varco('retention', 'event', 'visitor', 'E1', 'badge-returned', ...more, '--by', 'URP-1')
  expect(await due()).toBe(0)
  expect(await tell('--on', '2020-02-01')).toMatchObject({
    ...{ exitCode: 0, stdout: 'the event badge-returned is noted, of 2020-02-01\n' },
  })
  expect(await due()).toBe(1)
  expect(await tell('--withdraw')).toMatchObject({ exitCode: 0 })
  expect(await due()).toBe(0)
  expect(await tell('--withdraw')).toMatchObject({ exitCode: 1 })
  for (const wrong of [
    [],
    ['--on', '2020-02-30'],
    ['--on', '+012345-01-01'],
    ['--on=-012345-01-01'],
    ['--on', '2020-02-01', '--withdraw'],
  ])
    expect(await tell(...wrong), wrong.join(' ')).toMatchObject({ exitCode: 2 })
  expect(
    await varco(
      'retention',
      'event',
      'visitor',
      'E9',
      'badge-returned',
      '--on',
      '2020-02-01',
      '--by',
      'URP-1',
    ),
  ).toMatchObject({ exitCode: 1, stderr: 'varco: There is no such record.\n' })
})

test('holds by contract and by condition are placed, looked at again, and refused where nobody knows them', async () => {
  const held = ['--case', 'RG 1', '--reason', 'a dispute before the court', '--by', 'LEG-1']
  const review = ['--review', '2026-01-01']
  const placed = await varco(
    '--json',
    'retention',
    'hold',
    '--contract',
    'aurispola-2026',
    ...held,
    ...review,
  )
  const { id } = JSON.parse(placed.stdout) as { id: string }
  expect(await varco('retention', 'holds')).toMatchObject({ exitCode: 1 })
  const kept = ['--until', '2999-01-01', '--reason', 'the appeal is pending', '--by', 'LEG-2']
  expect(await varco('retention', 'review', id, ...kept)).toMatchObject({ exitCode: 0 })
  await varco('retention', 'release', id, '--by', 'LEG-2')
  for (const wrong of [
    ['--contract', 'nobody'],
    ['--resource', 'visitor', '--where', '{"arrived_at":{"eq":"yesterday"}}'],
    ['--resource', 'visitor', '--where', 'not json'],
    ['--resource', 'visitor', '--where', '{}', '--record', 'V1'],
  ])
    expect(await varco('retention', 'hold', ...wrong, ...held), wrong.join(' ')).toMatchObject({
      exitCode: 2,
    })
})

/** A plan that a process left half done, having begun to end it long ago. */
async function planLeftEnding(): Promise<string> {
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const { id } = JSON.parse(made.stdout) as { id: string }
  const left = { state: 'ending', startedAt: '1', endedEarly: { why: 'asked', by: 'ADM-1', at: '1' } }
  await terminal.database.pool.query(
    "UPDATE varco.retention_plans SET state = 'ending', plan = (plan::jsonb || $2::jsonb)::text WHERE id = $1",
    [id, JSON.stringify(left)],
  )
  return id
}

test('a scheduler that serves nothing else tells how it is doing, ends what was left, and ends when it is told to', async () => {
  const left = await planLeftEnding()
  const before = await visitors()
  const stop = new AbortController()
  const out = new PassThrough()
  const err = new PassThrough()
  const ended = runVarco(['--json', 'serve', '--only', 'scheduler'], {
    ...{ out, err, stop: stop.signal },
    env: {
      ...{ VARCO_HOME: path.join(terminal.dir, 'home'), VARCO_LOG_LEVEL: 'silent', VARCO_POLICIES: POLICIES },
      ...{ DATABASE_URL: terminal.database.url, VARCO_WRITER: 'scheduler-1' },
      ...{ VARCO_PROXY_PORT: '0', VARCO_CONSOLE_PORT: '0' },
    },
  })
  const [first] = (await once(out, 'data')) as [Buffer]
  const said = JSON.parse(String(first)) as { operationsUrl: string }
  expect(said).toMatchObject({ proxyUrl: null, consoleUrl: null })
  const metrics = await (await fetch(`${said.operationsUrl}/metrics`)).text()
  expect(metrics).toMatch(/varco_retention_overdue\{why="missed"\} 0/)
  expect((await fetch(`${said.operationsUrl}/readyz`)).status).toBe(200)
  // The bundle in force has a schedule since the test before: the timetable keeps it.
  await vi.waitFor(
    async () => {
      const { rows } = await terminal.database.pool.query('SELECT key, timezone FROM varco_jobs.schedule')
      expect(rows).toEqual([{ key: 'visitor-erase', timezone: 'Europe/Rome' }])
    },
    { timeout: 60_000, interval: 200 },
  )
  await vi.waitFor(
    async () => {
      const state = 'SELECT state FROM varco.retention_plans WHERE id = $1'
      expect((await terminal.database.pool.query(state, [left])).rows).toEqual([{ state: 'done' }])
    },
    { timeout: 60_000, interval: 200 },
  )
  expect(await visitors()).toEqual(before)
  expect((await fetch(`${said.operationsUrl}/records/visitor`)).status).toBe(404)
  stop.abort()
  expect(await ended).toBe(0)
})
