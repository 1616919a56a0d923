import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCommandLine, POLICIES, type CommandLine } from './command-line.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openCommandLine()
  await cp(POLICIES, path.join(terminal.dir, 'changed'), { recursive: true })
  const file = path.join(terminal.dir, 'changed', 'access/contact-centre.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('iban: last4', 'iban: redact'))
})
afterAll(() => terminal[Symbol.asyncDispose]())

const varco: CommandLine['varco'] = (...argv) => terminal.varco(...argv)

test('a bundle is pushed, put in force by a second person, and rolled back; each switch stands in the log', async () => {
  expect(await varco('migrate', '--author', 'ADM-1', '--approver', 'DPO-1')).toMatchObject({ exitCode: 0 })
  const pushed = await varco('policy', 'push', path.join(terminal.dir, 'changed'), '--by', 'ADM-2')
  expect(pushed.stdout).toMatch(/^pushed [0-9a-f]{64}\n\d+ narrowings:/)
  const version = pushed.stdout.slice(7, 71)

  // What was pushed is compared by its digits, before it is in force.
  expect(
    await varco('policy', 'diff', version.slice(0, 12), path.join(terminal.dir, 'changed')),
  ).toMatchObject({
    exitCode: 0,
    stdout: 'no decision changes\n',
  })
  const widening = await varco('policy', 'diff', version.slice(0, 12), 'active', '--deny-widening')
  expect(widening.exitCode).toBe(1)
  expect(widening.stdout).toMatch(/iban/)

  const alone = await varco('policy', 'activate', version.slice(0, 10), '--by', 'ADM-2')
  expect(alone).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('a second person must') as string,
  })
  expect(await varco('policy', 'activate', '0123456789', '--by', 'DPO-1')).toMatchObject({
    exitCode: 1,
    stderr: 'varco: no such version was pushed\n',
  })
  expect(await varco('policy', 'activate', version.slice(0, 10), '--by', 'DPO-1')).toMatchObject({
    exitCode: 0,
  })
  expect(await varco('policy', 'diff', 'active', path.join(terminal.dir, 'changed'))).toMatchObject({
    exitCode: 0,
    stdout: 'no decision changes\n',
  })

  expect(await varco('policy', 'rollback', '--by', 'DPO-2')).toMatchObject({ exitCode: 0 })
  expect(await varco('policy', 'diff', 'active', POLICIES)).toMatchObject({ stdout: 'no decision changes\n' })
  const history = (await varco('policy', 'history')).stdout.trim().split('\n')
  expect(history.map((line) => line.split(/ +/).at(-1))).toEqual(['DPO-2', 'DPO-1', 'DPO-1'])

  // Three activations took effect and three stand in the log: the refused ones left no trace of having happened.
  const events = await terminal.database.pool.query(
    `SELECT 1 FROM varco.events WHERE body->>'kind' = 'policy-activated'`,
  )
  expect(events.rowCount).toBe(3)
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('what is pulled is what was pushed', async () => {
  const folder = path.join(terminal.dir, 'pulled')
  const pulled = await varco('policy', 'pull', 'active', folder)
  expect(pulled.exitCode).toBe(0)
  const [check, active] = [
    await varco('--json', 'policy', 'check', folder),
    await varco('--json', 'policy', 'history'),
  ]
  expect((JSON.parse(check.stdout) as { version: string }).version).toBe(
    (JSON.parse(active.stdout) as { version: string }[])[0]?.version,
  )
  expect((await varco('policy', 'pull', 'active', folder)).exitCode).toBe(1)
})

test('a candidate is asked what the log remembers', async () => {
  const shadow = await varco('policy', 'shadow', path.join(terminal.dir, 'changed'))
  expect(shadow).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^0 of 0 answers would differ under /) as string,
  })
})
