import { readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { answerAlert, describeFact } from '@varco/oversight'
import { watchedWorld } from '@varco/oversight/testing'
import { fixtureBundle } from '@varco/policy/testing'

// #endregion
import type { Clock } from '@varco/core'
import type { WatchedEvent } from '@varco/oversight'
import { lookupOf } from '@varco/oversight/testing'

const NOW = Date.parse('2026-06-10T09:00:00Z') * 1_000
const clock: Clock = { now: () => BigInt(NOW) }
const log = { append: async () => ({}) as never }
const newRequestId = (): string => 'r-1'
const fifteenAccessesWithoutTicket = Array.from({ length: 15 }, (_, i): WatchedEvent => ({
  ...{ id: `proxy-1.1.${i}`, at: NOW - i, operator: 'AUR-1', contract: 'aurora-2026', role: 'agent' },
  ...{ unit: 'cc-phone', workstation: null, purpose: 'invoice-enquiry' },
  ...{ ticket: null, grant: null, action: 'read' },
  ...{
    resource: 'invoice',
    decision: 'permit',
    reasons: [],
    rules: [],
    fields: ['number'],
    refusedField: null,
  },
  subjects: [lookupOf('a')],
}))

test('the example of the README runs as printed', async () => {
  // #region example
  const world = watchedWorld(fixtureBundle(), clock) // in earnest: the adapters of @varco/postgres
  world.events.push(...fifteenAccessesWithoutTicket)
  const { events } = await world.watcher().pass()

  const [alert] = await world.store.alerts({ state: 'open', limit: 10 })
  const facts = alert?.facts.map((fact) => describeFact(fact, 'en'))

  const answered = await answerAlert(
    { store: world.store, log, clock, newRequestId },
    { id: alert?.id ?? '', state: 'explained', by: 'DPO-1', reason: 'the ticketing system was down' },
  )
  // #endregion
  expect(events).toBe(15)
  expect(facts).toEqual([
    'No ticket was given for the purpose invoice-enquiry, which works by ticket.',
    '15 accesses on one day.',
  ])
  expect(answered).toEqual({ refused: null, notifyBy: null })
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
