import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { runVarco } from '../src/run-varco.ts'

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const code = await runVarco(argv, { out, err, env: {}, stop: new AbortController().signal })
  out.end()
  err.end()
  return { code, out: await text(out), err: await text(err) }
}

test.each([
  ['alerts', 'list'],
  ['alerts', 'explain'],
  ['alerts', 'confirm'],
  ['alerts', 'watch'],
  ['alerts', 'mark'],
  ['alerts', 'staff'],
  ['grant', 'list'],
  ['grant', 'overdue'],
  ['report', 'scope'],
  ['report', 'tickets'],
  ['report', 'friction'],
])('varco %s %s says how it is used, with an example', async (...command) => {
  const { code, out } = await run(...command, '--help')
  expect(code).toBe(0)
  expect(out).toContain(`$ varco ${command.join(' ')}`)
})

test.each([
  [['alerts', 'list'], '--by'],
  [['alerts', 'list', '--by', 'DPO 1'], 'pseudonym'],
  [['alerts', 'list', '--by', 'DPO-1', '--state', 'closed'], 'choices'],
  [['grant', 'list', '--by', 'DPO-1', '--state', 'gone'], 'choices'],
  [['grant', 'overdue'], '--by'],
  [['alerts', 'confirm', 'A-1', '--by', 'DPO-1'], '--reason'],
  [['report', 'scope', '--contract', 'c', '--from', '2026-13', '--to', '2026-12', '--by', 'D'], 'month'],
])('%j is wrong usage, and says why', async (argv, why) => {
  const { code, err } = await run(...argv)
  expect(code).toBe(2)
  expect(err).toContain(why)
})
