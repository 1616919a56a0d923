import type { AccessLogReader, EventQuery } from '@varco/access-log'
import { microsToIso, type Micros } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { openRetentionStore, openScheduleLedger, openUpstreamOutbox } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { expect, inject, test } from 'vitest'
import { overdueRetention } from '../src/compose/overdue-retention.ts'

const DAY = 86_400_000_000n
const NOW: Micros = 1_800_000_000_000_000n

test('what was missed is known from the log, until the rule is seen to; the log’s own age by what it holds', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const document = fixtureDocument()
  for (const rule of document.retention) rule.schedule = '0 2 * * *'
  const bundle = compileBundle(document)
  const [rule = ''] = document.retention.map(({ id }) => id)
  const told: object[] = []
  let old: object[] = []
  const search = async ({ kind, from = 0n, after = '0', limit }: EventQuery) => {
    if (kind !== 'retention-overdue') return { events: old, next: null }
    const first = Number(after)
    const next = first + limit < told.length ? String(first + limit) : null
    return { events: from > NOW - 2n * DAY ? [] : told.slice(first, first + limit), next }
  }
  const reader = { search } as unknown as Pick<AccessLogReader, 'search'>
  const desk = {
    ...{ bundle: () => bundle, clock: new ManualClock(NOW) },
    ...{ store: openRetentionStore(database), outbox: openUpstreamOutbox(database) },
  }
  const overdue = overdueRetention({ databases: { state: database }, reader }, desk)
  const ledger = openScheduleLedger(database)
  await ledger.see({ rule, at: NOW - 3n * DAY, plan: null })
  expect(await overdue()).toEqual([])

  const since = NOW - 2n * DAY
  const missed = { what: rule, why: 'missed', since: microsToIso(since), plan: null }
  told.push({ detail: missed }, { detail: { ...missed, since: 'lately' } }, { detail: null })
  expect(await overdue()).toEqual([{ what: rule, why: 'missed', since, plan: null }])
  // Holds late for review are told under the same kind, each anew by a process that starts.
  const reviews = { detail: { what: 'hold', why: 'review', since: microsToIso(NOW), plan: null } }
  told.unshift(...Array.from({ length: 1200 }, () => reviews))
  expect(await overdue()).toEqual([{ what: rule, why: 'missed', since, plan: null }])
  await ledger.see({ rule, at: NOW - DAY, plan: null })
  expect(await overdue()).toEqual([])
  old = [{}]
  expect(await overdue()).toMatchObject([{ what: 'log', why: 'log' }])
})
