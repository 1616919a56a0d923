import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createSampleBody } from '@varco/demo'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMigratedCommandLine, type CommandLine } from './command-line.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
  await createSampleBody(terminal.database.pool, { now: BigInt(Date.now()) * 1_000n, producers: 20 })
})

afterAll(() => terminal[Symbol.asyncDispose]())

const LAST_YEAR = ['--from', '2025-01-01', '--to', '2025-12-31'] as const
const INCIDENT = ['--reference', 'INC-1', '--description', 'Stolen.', '--aware', '2026-02-01'] as const

async function report(...argv: readonly string[]) {
  const folder = path.join(terminal.dir, argv.join('-').replaceAll(/[^a-z0-9]+/gi, '-'))
  const said = await terminal.varco('--json', 'report', ...argv, '--by', 'DPO-1', '--out', folder)
  const written = said.stdout === '' ? {} : (JSON.parse(said.stdout) as Record<string, unknown>)
  const files = await readdir(folder).catch(() => [])
  return { ...said, written, endings: files.map((file) => file.split('.').slice(1).join('.')).sort() }
}

const FILES = ['html', 'json', 'json.jws', 'pdf']

test.each<[string, readonly string[], readonly string[]]>([
  ['the register', ['register', '--compared-with', '2099-01-01'], FILES],
  ['the scope of a breach', ['breach', ...LAST_YEAR, ...INCIDENT, '--operator', 'AUR-1'], FILES],
  ['what is published', ['transparency', ...LAST_YEAR], ['csv', ...FILES]],
  ['the audit', ['audit', ...LAST_YEAR], FILES],
])('%s is written, signed and verified without the database', async (_, argv, endings) => {
  const { exitCode, stderr, written, endings: found } = await report(...argv)
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(found).toEqual([...endings])
  const verified = await terminal.varcoWith(
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    ...['report', 'verify', String(written['pdf'])],
  )
  expect(verified).toMatchObject({ exitCode: 0 })
})

test('of somebody nobody knows there is a report that says so, and no fault', async () => {
  const { exitCode, written, endings } = await report('subject', 'XXXXXX00X00X000X')
  expect([exitCode, written['found'], endings]).toEqual([0, 0, ['csv', ...FILES]])
  const json = JSON.parse(await readFile(String(written['json']), 'utf8')) as { confirmation: unknown }
  expect(json.confirmation).toMatchObject({ code: 'nothing' })
})

test('an identifier that two people share makes no report of both: one of them has to be named', async () => {
  const { pool } = terminal.database
  const { rows } = await pool.query<{ id: string }>(
    'SELECT producer_id AS id FROM gse.producer ORDER BY producer_id LIMIT 2',
  )
  await pool.query(`UPDATE gse.producer SET vat_number = '01234567890' WHERE producer_id = ANY($1)`, [
    rows.map(({ id }) => id),
  ])
  const both = await report('subject', '01234567890')
  expect([both.exitCode, both.endings]).toEqual([1, []])
  expect(both.stderr).toMatch(/several people of one kind \(producer:\S+, producer:\S+\).*--subject/)
  const one = await report('subject', '01234567890', '--subject', `producer:${rows[0]?.id ?? ''}`)
  expect([one.exitCode, one.written['found'], one.endings]).toEqual([0, 1, ['csv', ...FILES]])
})

test.each<[readonly string[], number, string | RegExp]>([
  [['breach', '--from', '2026-03-01', '--to', '2026-01-01', ...INCIDENT], 1, /before it begins/],
  [['transparency', '--from', '2026-03-01', '--to', '2026-01-01'], 1, /before it begins/],
  [['transparency', '--from', '2026-01-05', '--to', '2026-01-20'], 1, /no month of the period is whole/],
  [['audit', '--from', '2026-03-01', '--to', '2026-01-01'], 1, /before it begins/],
  [['audit', '--from', '2026-02-30', '--to', '2026-12-01'], 2, /there is no such day/],
  [['register', '--as-of', '2001-01-01'], 1, /no bundle was in force at that time/],
  [['exit', 'aurispola-2026'], 1, /no exit of this contract was opened/],
])('%j ends with %i and a sentence, and leaves nothing', async (argv, exitCode, sentence) => {
  const said = await report(...argv)
  expect([said.exitCode, said.endings]).toEqual([exitCode, []])
  expect(said.stderr).toMatch(sentence)
})

test('where no folder can be made the sentence says why, and nothing is left', async () => {
  const taken = path.join(terminal.dir, 'taken')
  await writeFile(taken, 'mine')
  for (const argv of [['register'], ['subject', 'RSSMRA80A01H501U']]) {
    const said = await terminal.varco('report', ...argv, '--by', 'DPO-1', '--out', taken)
    expect(said.exitCode).toBe(1)
    expect(said.stderr).toContain('a file stands where the folder should be')
  }
  expect(await readFile(taken, 'utf8')).toBe('mine')
})
