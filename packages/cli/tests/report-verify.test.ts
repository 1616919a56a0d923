import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { generateLogKeys, openAccessLog, openAccessLogReader } from '@varco/access-log'
import { memoryLogStore } from '@varco/access-log/testing'
import { runVarco } from '@varco/cli'
import { asId, systemClock } from '@varco/core'
import { makeProcessingRegister, verifySignature, writeReport, type WrittenReport } from '@varco/reports'
import { reportedBundle } from '@varco/reports/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const signing = generateKeyPairSync('ed25519')
let dir: string
let key: string
let written: WrittenReport

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-verify-'))
  const [store, keys] = [memoryLogStore(), generateLogKeys('gse.example/varco')]
  await using log = await openAccessLog({ store, keys, clock: systemClock, writer: asId('proxy-1') })
  const register = await makeProcessingRegister(
    { log, reader: openAccessLogReader({ store, keys }), requestId: () => 'r-1' },
    { asOf: { bundle: reportedBundle(), at: systemClock.now() }, locale: 'it', requestedBy: 'RPD-1' },
  )
  written = await writeReport(dir, register, { signingKey: signing.privateKey })
  key = path.join(dir, 'log.pub')
  await writeFile(key, `${keys.verifier}\n`)
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

async function verify(...argv: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(out), text(err)])
  // No database, no home: a citizen's machine.
  const env = { VARCO_HOME: path.join(dir, 'nothing-here') }
  const exitCode = await runVarco(['report', 'verify', ...argv], {
    env,
    out,
    err,
    stop: new AbortController().signal,
  })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

test.each(['json', 'html', 'pdf'] as const)(
  'a report as %s is found whole, with nothing but the public key',
  async (format) => {
    const { exitCode, stdout } = await verify(written[format], '--key', key)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('✓ the report is as the log recorded it')
    expect(stdout).toContain(written.hash)
  },
)

test('a changed report is told, and where', async () => {
  const changed = path.join(dir, 'changed.json')
  await writeFile(changed, (await readFile(written.json, 'utf8')).replaceAll('Aurora', 'Amelia'))
  const { exitCode, stdout } = await verify(changed, '--key', key)
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(
    /✗ the report does not hold[\s\S]*entry proxy-1\.1\.1: the report was changed after it was made/,
  )
})

test('under --json the answer is data', async () => {
  const { stdout } = await verify(written.json, '--key', key, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, format: 'varco/processing-register', problems: [] })
})

test('what cannot be read is said in a sentence', async () => {
  expect(await verify(path.join(dir, 'gone.json'), '--key', key)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cannot be read'),
  })
  expect(await verify(written.json)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('give it with --key'),
  })
  expect((await verify(key, '--key', key)).stdout).toContain('no report that this version knows')
})

test('the signature beside the file holds', async () => {
  const jws = await readFile(written.signature ?? '', 'utf8')
  expect(await verifySignature(await readFile(written.json, 'utf8'), jws, signing.publicKey)).toBe(true)
})

test('the body’s signature holds for each format, breaks with the report, and needs its key', async () => {
  const signer = path.join(dir, 'signer.pub')
  await writeFile(signer, signing.publicKey.export({ type: 'spki', format: 'pem' }))
  const signature = ['--signature', written.signature ?? '', '--signer', signer, '--key', key]
  for (const format of ['json', 'html', 'pdf'] as const) {
    const { exitCode, stdout } = await verify(written[format], ...signature)
    expect(exitCode, format).toBe(0)
    expect(stdout, format).toContain('✓ the signature is the body’s')
  }
  const stranger = path.join(dir, 'stranger.pub')
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  await writeFile(stranger, other)
  const foreign = await verify(
    written.json,
    '--signature',
    written.signature ?? '',
    '--signer',
    stranger,
    '--key',
    key,
  )
  expect(foreign).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('does not hold') as string })
  expect(await verify(written.json, '--signature', written.signature ?? '', '--key', key)).toMatchObject({
    exitCode: 2,
  })
})
