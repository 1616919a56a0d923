import { silentDiagnostics, UnavailableError, type SafeFields } from '@varco/core'
import type { CanaryTouch } from '@varco/proxy'
import { expect, test, vi } from 'vitest'
import { canaryAlarm } from '../../src/compose/canary-alarm.ts'

const TOUCH: CanaryTouch = {
  event: 'w.1.1' as CanaryTouch['event'],
  resource: 'invoice' as CanaryTouch['resource'],
  operator: null,
  contract: null,
}

test('looks at once; however many touches come meanwhile, once more and no oftener', async () => {
  const turns: PromiseWithResolvers<null>[] = []
  const pass = (): Promise<null> => {
    const turn = Promise.withResolvers<null>()
    turns.push(turn)
    return turn.promise
  }
  const alarm = canaryAlarm({ pass }, silentDiagnostics)
  alarm.touched(TOUCH)
  expect(turns).toHaveLength(1)
  for (let i = 0; i < 1_000; i++) alarm.touched(TOUCH)
  turns[0]?.resolve(null)
  await vi.waitFor(() => {
    expect(turns).toHaveLength(2)
  })
  turns[1]?.resolve(null)
  await new Promise(setImmediate)
  expect(turns).toHaveLength(2)
  alarm.touched(TOUCH)
  expect(turns).toHaveLength(3)
})

test('a watch that fails is noted without its words, never thrown at the request, and asked again by the next touch', async () => {
  const said: [string, SafeFields | undefined][] = []
  let asked = 0
  const alarm = canaryAlarm(
    {
      pass: () => {
        asked++
        return Promise.reject(new UnavailableError('access log', { cause: new Error('RSSMRA80A01H501U') }))
      },
    },
    { ...silentDiagnostics, error: (message, fields) => said.push([message, fields]) },
  )
  alarm.touched(TOUCH)
  await vi.waitFor(() => {
    expect(said).toHaveLength(1)
  })
  expect(JSON.stringify(said)).not.toContain('RSSMRA')
  alarm.touched(TOUCH)
  await vi.waitFor(() => {
    expect(asked).toBe(2)
  })
})
