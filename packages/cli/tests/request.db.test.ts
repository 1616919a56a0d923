import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

let dir: string
let database: Database

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-request-'))
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const { exitCode, stderr } = await varco('migrate', '--author', 'ADM-1', '--approver', 'DPO-1')
  if (exitCode !== 0) throw new Error(stderr)
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(dir, { recursive: true })
})

async function varco(...argv: readonly string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const said = Promise.all([text(out), text(err)])
  const env = {
    VARCO_HOME: path.join(dir, 'home'),
    VARCO_LOG_LEVEL: 'silent',
    VARCO_POLICIES: path.join(import.meta.dirname, '../../../policies'),
    DATABASE_URL: database.url,
  }
  const exitCode = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

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
  const hash = createHash('sha256')
    .update(await readFile(files.json))
    .digest('hex')
  expect(answered['outcome']).toMatchObject({ kind: 'answered', answer: hash, by: 'DPO-1' })
  expect(await varco('request', 'list')).toMatchObject({ exitCode: 0, stdout: 'no request is open\n' })
  const { rows } = await database.pool.query<{ body: string }>(
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
  const letter = path.join(dir, 'letter.txt')
  await writeFile(letter, 'I dati sono stati cancellati.')
  expect(await varco('request', 'answer', String(id), '--file', letter, '--by', 'DPO-1')).toMatchObject({
    exitCode: 0,
  })
  const { rows } = await database.pool.query<{ late: boolean }>(
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
