import { postgresRetentionRecords } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { placeHold, runPlan } from '@varco/retention'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, inject, test } from 'vitest'
import { catalogueOf, fill, randomGraph, recordsIn, rulesOf, survivors } from './retention/random-graph.ts'
import { approvedPlan, createRecords, person, worldOn } from './retention/retention-world.ts'

/** Both ways together. */
const ROUNDS = Number(process.env['VARCO_ROUNDS'] ?? 15)
const LONG = 60_000 + ROUNDS * 5_000

test.each([
  ['in one database with the state', true, Math.ceil(ROUNDS / 2)],
  ['in another database than the state', false, Math.ceil(ROUNDS / 2)],
] as const)(
  'for random graphs, rules and holds, exactly the due, unheld and unreferenced are gone: %s',
  { timeout: LONG },
  async (_, isOne, rounds) => {
    await using state = await scratchDatabase(inject('serverUrl'))
    await using other = isOne ? null : await scratchDatabase(inject('serverUrl'), { migrated: false })
    const database = other ?? state
    await createRecords(database)
    const like = worldOn(state)
      .desk.bundle()
      .document.catalogue.find(({ resource }) => resource === 'invoice')
    if (like === undefined) throw new Error('the fixture has invoices')
    await fc.assert(
      fc.asyncProperty(randomGraph, async (graph) => {
        await fill(database, graph)
        await state.pool.query('TRUNCATE varco.holds')
        const world = worldOn(state, rulesOf(graph), catalogueOf(graph, like))
        const desk = { ...world.desk, records: postgresRetentionRecords(database) }
        for (const scope of graph.holds)
          await placeHold(desk, {
            ...{
              scope,
              case: 'RG 1',
              reason: 'a dispute before the court',
              by: person('LEG-1'),
              reviewAt: null,
            },
          })
        const before = await recordsIn(database, graph)
        const plan = await approvedPlan(desk).catch(() => null)
        const outcome = plan === null ? null : await runPlan(desk, { plan: plan.id, by: person('SCH-1') })
        const left = await recordsIn(database, graph)
        expect(left).toEqual(
          survivors(graph, Temporal.PlainDate.from('2026-11-25'), await desk.store.holds()),
        )
        if (outcome === null) return
        if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
        const done = outcome.certificate.certificate.rules.reduce((sum, rule) => sum + rule.done, 0)
        expect(done).toBe(before.length - left.length)
      }),
      { numRuns: rounds },
    )
  },
)
