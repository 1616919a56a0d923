import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMigratedCommandLine, type CommandLine } from './command-line.ts'

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
  expect(await varco('retention', 'run', 'none', '--by', 'ADM-1')).toMatchObject({ exitCode: 1 })
  expect(await varco('retention', 'certificate')).toMatchObject({ exitCode: 2 })
  expect(await varco('retention', 'run', 'none', '--duty', '2', '--by', 'ADM-1')).toMatchObject({
    exitCode: 2,
  })
})
