import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const POLICIES = path.join(import.meta.dirname, '../../../policies')

vi.setConfig({ testTimeout: 120_000 })

let dir: string
let changed: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-policy-'))
  changed = path.join(dir, 'changed')
  await cp(POLICIES, changed, { recursive: true })
})

afterEach(() => rm(dir, { recursive: true, force: true }))

async function varco(...argv: readonly string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const said = Promise.all([text(out), text(err)])
  const env = { VARCO_HOME: path.join(dir, 'home'), VARCO_LOG_LEVEL: 'silent' }
  const exitCode = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const before = await readFile(path.join(changed, file), 'utf8')
  expect(before).toContain(from)
  await writeFile(path.join(changed, file), before.replace(from, to))
}

test('the sample bundle’s golden cases agree', async () => {
  const { exitCode, stdout } = await varco('policy', 'test', POLICIES)
  expect(stdout).toMatch(/\n(\d+) of \1 cases agree; /)
  expect(exitCode).toBe(0)
})

test('a case that disagrees is told with what is missing and what is too much, and exits 1', async () => {
  await edit('access/contact-centre.yaml', 'iban: last4', 'iban: redact')
  expect((await varco('policy', 'test', changed)).exitCode).toBe(0)
  await edit('access/contact-centre.yaml', '        - vat_amount\n', '')
  const { exitCode, stdout } = await varco('policy', 'test', changed)
  expect(exitCode).toBe(1)
  expect(stdout).toContain('✗ invoice-operator:')
  expect(stdout).toContain('    - plain: vat_amount')
})

test('a stricter mask passes --deny-widening, another mask does not', async () => {
  await edit('access/contact-centre.yaml', 'iban: last4', 'iban: redact')
  expect(await varco('policy', 'diff', POLICIES, changed, '--deny-widening')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('iban: last4 -> redact') as string,
  })
  const back = await varco('policy', 'diff', changed, POLICIES, '--deny-widening')
  expect(back.exitCode).toBe(1)
  expect(back.stdout).toContain('invoice iban: redact -> last4')
  expect(back.stdout).toMatch(/for example at 2026-.*open ticket about/)
  expect((await varco('policy', 'diff', changed, POLICIES)).exitCode).toBe(0)
})

test('the matrix comes as text, CSV and a page to print', async () => {
  expect((await varco('policy', 'matrix', POLICIES)).stdout).toContain(
    'contact-centre.operator / invoice-enquiry / invoice',
  )
  expect((await varco('policy', 'matrix', POLICIES, '--format', 'csv')).stdout).toMatch(
    /^role,contracts,purpose,action,resource,field,shown,rows\r\n/,
  )
  expect((await varco('policy', 'matrix', POLICIES, '--format', 'html')).stdout).toMatch(
    /^<!doctype html>\n<html lang="it">/,
  )
})

test('explains a golden case, and a question put by hand', async () => {
  expect((await varco('policy', 'explain', POLICIES, '--case', 'invoice-no-ticket')).stdout).toMatch(
    /^DENY {2}.*\n[\s\S]*no-ticket \[cc-invoice-enquiry\]/,
  )
  const asked = await varco(
    'policy',
    'explain',
    POLICIES,
    '--locale',
    'en',
    '--role',
    'contact-centre.operator',
    '--contract',
    'aurispola-2026',
    '--unit',
    'cc-phone',
    '--purpose',
    'invoice-enquiry',
    '--resource',
    'invoice',
    '--ticket-about',
    'PRD-1',
    '--at',
    '2026-11-24T10:00:00+01:00',
    '--record',
    '{"producer_id":"PRD-2","status":"paid","segregated":false}',
  )
  expect(asked.stdout).toContain(
    'other-data-subject [cc-invoice-enquiry]: The ticket is about another data subject.',
  )
  expect(asked.stdout).toContain('false   producer_id = $ticket.data_subject')
  expect(asked.stdout).not.toContain('PRD-2')
})

test('a bundle with mistakes is no bundle to compare with, and the mistakes are told', async () => {
  await edit('access/contact-centre.yaml', 'effect: permit', 'efect: permit')
  const { exitCode, stderr } = await varco('policy', 'diff', POLICIES, changed)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/access\/contact-centre.yaml:\d+:\d+: .*efect/)
})

test('the schemas of the sample bundle are the ones this version writes', async () => {
  await varco('policy', 'schemas', changed)
  for (const name of ['access', 'cases', 'catalogue', 'processor', 'purposes', 'retention', 'varco']) {
    const [written, checkedIn] = await Promise.all(
      [changed, POLICIES].map((folder) => readFile(path.join(folder, '.schemas', `${name}.json`), 'utf8')),
    )
    expect(written, `${name}.json: run npm run varco -- policy schemas`).toBe(checkedIn)
  }
})
