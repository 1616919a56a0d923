import { asId, UnavailableError, type SafeFields } from '@varco/core'
import type { RetentionDesk } from '@varco/retention'
import { expect, test } from 'vitest'
import { planRunner } from '../../src/compose/plan-runner.ts'

/** A desk that is asked for its plan and answers as told; nothing else of it is reached. */
function deskWith(plan: () => Promise<null>): RetentionDesk {
  return { store: { plan } } as unknown as RetentionDesk
}

function notes() {
  const said: [string, SafeFields | undefined][] = []
  const note = (message: string, fields?: SafeFields): void => {
    said.push([message, fields])
  }
  return { said, diagnostics: { debug: note, info: note, warn: note, error: note } }
}

test('a run that is refused is noted with its reason, and whoever began it is not made to wait', async () => {
  const { said, diagnostics } = notes()
  const runner = planRunner(
    deskWith(async () => null),
    diagnostics,
  )
  runner.start('no-such-plan', asId('ADM-1'))
  expect(said).toEqual([])
  await runner[Symbol.asyncDispose]()
  expect(said).toEqual([['retention plan not carried out', { reason: 'unknown-plan' }]])
})

test('a fault ends the run, not the process, and is noted without its words', async () => {
  const { said, diagnostics } = notes()
  const runner = planRunner(
    deskWith(() => Promise.reject(new UnavailableError('records', { cause: new Error('RSSMRA80A01H501U') }))),
    diagnostics,
  )
  runner.start('plan', asId('ADM-1'))
  await runner[Symbol.asyncDispose]()
  expect(said.map(([message]) => message)).toEqual(['retention run ended by a fault'])
  expect(JSON.stringify(said)).not.toContain('RSSMRA')
})

test('its end waits for what it has begun', async () => {
  const { diagnostics } = notes()
  const asked = Promise.withResolvers<null>()
  const runner = planRunner(
    deskWith(() => asked.promise),
    diagnostics,
  )
  runner.start('plan', asId('ADM-1'))
  let over = false
  const ended = runner[Symbol.asyncDispose]().then(() => {
    over = true
    return over
  })
  await Promise.resolve()
  expect(over).toBe(false)
  asked.resolve(null)
  expect(await ended).toBe(true)
})
