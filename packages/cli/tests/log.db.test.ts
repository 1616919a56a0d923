import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  appendOnce,
  checkConsistency,
  checkInclusion,
  loadLogKeys,
  parseTlogProof,
  proposePrune,
  type ConsistencyProof,
} from '@varco/access-log'
import { systemClock } from '@varco/core'
import { openLogStore } from '@varco/postgres'
import { cosigningServer } from './cosigning-server.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMigratedCommandLine, type CommandLine } from './command-line.ts'
import { onTerminal } from './on-terminal.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
})

afterAll(() => terminal[Symbol.asyncDispose]())

const varco: CommandLine['varco'] = (...argv) => terminal.varco(...argv)
const varcoWith: CommandLine['varcoWith'] = (more, ...argv) => terminal.varcoWith(more, ...argv)

/** What a terminal takes to hide its cursor, and to show it. */
const [HIDDEN, SHOWN] = ['\x1b[?25l', '\x1b[?25h']

const verifiers = async (): Promise<string> => {
  const { stdout } = await varco('--json', 'log', 'checkpoint')
  return (JSON.parse(stdout) as { verifiers: string[] }).verifiers.join('\n')
}

test('a search is itself in the log, its person only as a commitment', async () => {
  const first = await varco(
    'log',
    'search',
    '--subject',
    'producer:SECRET-77',
    '--from',
    '2026-01-01',
    '--by',
    'DPO-1',
  )
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('command.1.') as string })
  const { stdout } = await varco('log', 'search', '--kind', 'log-read', '--by', 'DPO-1')
  expect(stdout.split('\n').filter((line) => line.includes('log-read')).length).toBeGreaterThanOrEqual(2)
  const { rows } = await terminal.database.pool.query(
    `SELECT FROM varco.events WHERE body::text LIKE '%SECRET-77%'`,
  )
  expect(rows).toEqual([])
})

test('pages follow each other', async () => {
  const first = await varco('--json', 'log', 'search', '--limit', '2', '--by', 'DPO-1')
  const { events, next } = JSON.parse(first.stdout) as { events: { id: string }[]; next: string }
  const second = await varco('--json', 'log', 'search', '--limit', '2', '--after', next, '--by', 'DPO-1')
  const ids = [...events, ...(JSON.parse(second.stdout) as { events: { id: string }[] }).events].map(
    ({ id }) => id,
  )
  expect(new Set(ids).size).toBe(4)
})

test('an export goes into a file of its own, once, and each line says which export it is', async () => {
  const out = path.join(terminal.dir, 'audit.csv')
  const command = [
    'log',
    'export',
    '--format',
    'csv',
    '--out',
    out,
    '--by',
    'DPO-1',
    '--reason',
    'yearly audit',
  ] as const
  expect(await varco(...command)).toMatchObject({ exitCode: 0 })
  const [, row] = (await readFile(out, 'utf8')).split('\r\n')
  expect(row).toMatch(/,command\.1\.\d+$/)
  expect(await varco(...command)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('exists already') as string,
  })
})

test('a proof convinces with nothing but the public key', async () => {
  const { stdout } = await varco('log', 'prove', 'command.1.1')
  const proof = parseTlogProof(stdout)
  if (proof === null) throw new Error('not a proof')
  expect(checkInclusion(proof, await verifiers())).toMatchObject({ ok: true, event: { id: 'command.1.1' } })
  expect(await varco('log', 'prove', 'command.1.999999')).toMatchObject({ exitCode: 1 })
})

test('that the log only grew since a kept checkpoint convinces with nothing but the public key', async () => {
  const { stdout: standing } = await varco('log', 'checkpoint', '--tree', 'command')
  const kept = path.join(terminal.dir, 'kept.checkpoint')
  await writeFile(kept, standing)
  await varco('log', 'search', '--by', 'DPO-1')
  const { stdout, exitCode } = await varco('--json', 'log', 'continues', kept)
  expect(exitCode).toBe(0)
  const verdict = checkConsistency(JSON.parse(stdout) as ConsistencyProof, await verifiers())
  if (!verdict.ok) throw new Error(verdict.reason)
  expect(verdict.to).toBeGreaterThan(verdict.from)
  await writeFile(kept, 'a stranger’s\n7\n')
  expect(await varco('log', 'continues', kept)).toMatchObject({ exitCode: 1 })
  expect(await varco('log', 'continues', path.join(terminal.dir, 'none'))).toMatchObject({ exitCode: 2 })
  expect(await varco('log', 'checkpoint', '--tree', 'nobody')).toMatchObject({ exitCode: 1 })
})

test('verification goes on from the last one, and says what was changed', async () => {
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
  await varco('log', 'search', '--by', 'DPO-1')
  const { stdout } = await varco('--json', 'log', 'verify', '--incremental')
  const again = JSON.parse(stdout) as { ok: boolean; events: number }
  expect(again.ok).toBe(true)
  expect(again.events).toBeLessThan(5)

  await terminal.database.pool.query(
    `UPDATE varco.events SET body = replace(body::text, 'DPO-1', 'DPO-9')::json WHERE writer = 'command' AND seq = 2`,
  )
  const found = await varco('log', 'verify')
  expect(found).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('changed command/1 event 2') as string,
  })
  await terminal.database.pool.query(
    `UPDATE varco.events SET body = replace(body::text, 'DPO-9', 'DPO-1')::json WHERE writer = 'command' AND seq = 2`,
  )
})

test('on a terminal verification shows a bar, whatever it finds, and gives the cursor back', async () => {
  const sound = await onTerminal(terminal.env, ['log', 'verify'])
  expect(sound.exitCode, sound.screen).toBe(0)
  expect(sound.screen).toMatch(/verifying the log █+ 100% (\d+)\/\1/)
  expect(sound.screen).toContain('the log is whole')
  await terminal.database.pool.query(
    `UPDATE varco.events SET ticket = 'T-9' WHERE writer = 'command' AND seq = 0`,
  )
  const changed = await onTerminal(terminal.env, ['log', 'verify'])
  await terminal.database.pool.query(
    `UPDATE varco.events SET ticket = NULL WHERE writer = 'command' AND seq = 0`,
  )
  expect(changed.exitCode, changed.screen).toBe(1)
  for (const { screen } of [sound, changed]) {
    expect(screen).toContain('verifying the log')
    expect(screen.lastIndexOf(SHOWN)).toBeGreaterThan(screen.lastIndexOf(HIDDEN))
  }
  // Asked for JSON there is none, and written to no terminal there are lines.
  expect(await varco('--json', 'log', 'verify')).toMatchObject({ exitCode: 0, stderr: '' })
  const { stderr } = await varco('log', 'verify')
  expect(stderr).toContain('verifying the log 100%')
  expect(stderr).not.toContain(HIDDEN)
})

test('without its anchor, or its keys, the log does not count as verified', async () => {
  for (const [lost, exitCode] of [
    ['anchor', 1],
    ['keys', 2],
  ] as const) {
    const kept = path.join(terminal.dir, 'home', lost)
    await rename(kept, `${kept}.kept`)
    const { exitCode: without, stdout } = await varco('log', 'verify')
    await rm(kept, { recursive: true, force: true })
    await rename(`${kept}.kept`, kept)
    expect(without, lost).toBe(exitCode)
    expect(stdout).not.toContain('the log is whole')
  }
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('a witness cosigns where the log stands; away, it stops no command, and verification says so', async () => {
  const witness = await cosigningServer()
  const settings = { VARCO_WITNESS_URL: witness.url, VARCO_WITNESS_KEY: witness.verifierKey }
  try {
    expect(await varcoWith(settings, 'log', 'search', '--by', 'DPO-1')).toMatchObject({ exitCode: 0 })
    expect(await varcoWith(settings, 'log', 'verify')).toMatchObject({ exitCode: 0 })
    const kept = await readFile(path.join(terminal.dir, 'home/anchor/checkpoints.txt.witnessed'), 'utf8')
    expect(kept).toContain('— witness.example/w1 ')
  } finally {
    await witness.close()
  }
  await rm(path.join(terminal.dir, 'home/anchor/checkpoints.txt.witnessed'))
  expect(await varcoWith(settings, 'log', 'search', '--by', 'DPO-1')).toMatchObject({ exitCode: 0 })
  expect(await varcoWith(settings, 'log', 'verify')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('witness witness.example/w1') as string,
  })
  for (const [setting, value] of Object.entries(settings)) {
    const half = await varcoWith({ [setting]: value }, 'log', 'verify')
    expect(half.exitCode).not.toBe(0)
    expect(half.stderr).toContain('VARCO_WITNESS')
  }
})

test('a prune takes two people, and nothing that the floor protects', async () => {
  const alone = await varco('log', 'prune', '--by', 'ADM-1', '--approver', 'ADM-1')
  expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('two people') as string })
  const early = await varco('log', 'prune', '--by', 'ADM-1', '--approver', 'DPO-1', '--before', '2099-01')
  expect(early).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('at least P24M') as string })
  expect(await varco('log', 'prune', '--by', 'ADM-1', '--approver', 'DPO-1')).toMatchObject({ exitCode: 0 })
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('a prune that is proposed is shown, agreed to by two people, each once, and by nobody else', async () => {
  const proposal = async (...more: readonly string[]) => varco('log', 'prune-proposal', ...more)
  expect(await proposal()).toMatchObject({ exitCode: 0, stdout: 'no prune is proposed\n' })
  expect(await proposal('--agree', 'scheduler.1.7')).toMatchObject({ exitCode: 2 })
  expect(await proposal('--by', 'DPO-1')).toMatchObject({ exitCode: 2 })
  const keys = await loadLogKeys(path.join(terminal.dir, 'home', 'keys'))
  await using store = openLogStore(terminal.database)
  const log = {
    append: (draft: Parameters<typeof appendOnce>[1]) =>
      appendOnce({ store, keys, clock: systemClock, writer: 'command' }, draft),
  }
  const { id } = await proposePrune(
    { log, newRequestId: () => 'r-1' },
    { before: 1_735_689_600_000_000n, rule: 'log ceiling P36M', by: 'SCHEDULER' },
  )
  const shown = await proposal()
  for (const said of [id, '2025-01', 'log ceiling P36M', 'nobody has agreed yet'])
    expect(shown.stdout).toContain(said)
  expect((await proposal('--agree', id, '--by', 'ADM-1')).stdout).toContain('agreed: ADM-1')
  for (const [by, named] of [
    ['adm-1', id],
    ['scheduler', id],
    ['DPO-1', 'command.1.0'],
  ] as const)
    expect(await proposal('--agree', named, '--by', by)).toMatchObject({ exitCode: 1 })
  const { stdout } = await varco('--json', 'log', 'prune-proposal', '--agree', id, '--by', 'DPO-1')
  expect(JSON.parse(stdout)).toMatchObject({ proposal: { id, approvals: ['ADM-1', 'DPO-1'] } })
  expect(await proposal('--agree', id, '--by', 'DPO-2')).toMatchObject({ exitCode: 1 })
})

test('after a change of keys the log goes on, and old and new verify', async () => {
  const before = await verifiers()
  expect(await varco('log', 'rotate-keys')).toMatchObject({ exitCode: 0 })
  expect(await varco('log', 'search', '--by', 'DPO-1')).toMatchObject({ exitCode: 0 })
  expect((await verifiers()).split('\n')).toHaveLength(2)
  expect(await verifiers()).toContain(before)
  expect(await varco('log', 'verify')).toMatchObject({ exitCode: 0 })
})

test('wrong usage is said', async () => {
  expect(await varco('log', 'search')).toMatchObject({ exitCode: 2 })
  expect(await varco('log', 'search', '--by', 'DPO-1', '--limit', '0')).toMatchObject({ exitCode: 2 })
  expect(await varco('log', 'search', '--by', 'DPO-1', '--subject', 'producer')).toMatchObject({
    exitCode: 2,
  })
  expect(await varco('log', 'search', '--by', 'DPO-1', '--from', '2026-02-30')).toMatchObject({ exitCode: 2 })
})
