import type { BundleDocument } from '@varco/policy'
import { scratchDatabase } from '@varco/postgres/testing'
import { placeHold, runPlan, type HoldScope, type UpstreamRecords } from '@varco/retention'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, inject, test } from 'vitest'
import {
  catalogueOf,
  fill,
  randomGraph,
  recordsIn,
  recordsOf,
  rulesOf,
  survivors,
  type RandomGraph,
} from './retention/random-graph.ts'
import { approvedPlan, createRecords, person, worldOn } from './retention/retention-world.ts'

const ROUNDS = Number(process.env['VARCO_ROUNDS'] ?? 6)
const LONG = 60_000 + ROUNDS * 5_000

type File = BundleDocument['catalogue'][number]

const words = { it: 'Carta', en: 'Paper' }

/** Of each table a resource behind the upstream, that hangs on its records. */
function papersOf({ tables }: RandomGraph, like: File): readonly File[] {
  const field = (type: 'integer' | 'text') =>
    ({ ...like.fields['id'], type, title: words }) as File['fields'][string]
  return tables.map((_, at) => ({
    ...{ ...like, resource: `p${at}`, title: words, key: 'no' },
    source: { upstream: 'papers', delete: { method: 'DELETE' as const, path: `/p${at}/{key}` } },
    data_subject: undefined,
    fields: { no: field('text'), of: field('integer') },
    relations: { parent: { resource: `t${at}`, field: 'of', to: 'id', many: false } },
  }))
}

function upstreamOf({ tables }: RandomGraph): NonNullable<BundleDocument['upstreams']> {
  const routes = tables.map((_, at) => ({
    ...{ method: 'GET' as const, path: `/p${at}`, query: { of: 'of' }, paging: [] },
    answer: [{ at: '', resource: `p${at}` }],
  }))
  const bounds = { max_bytes: 1_000, timeout_seconds: 1 }
  return [{ upstream: 'papers', title: words, base: 'https://papers.example', routes, ...bounds }]
}

/** As many papers as its number says on each record; names are those of `recordsIn`. */
function papersOn(graph: RandomGraph, counts: readonly number[]): Map<string, string> {
  return new Map(
    recordsOf(graph).flatMap(({ table, id }, at) =>
      Array.from({ length: counts[at % counts.length] ?? 0 }, (_, no) => [
        `p${table}/${id}-${no}`,
        `t${table}/${id}`,
      ]),
    ),
  )
}

/** Lists two at a time, and fails at every so many calls. */
function flakyUpstream(papers: Map<string, string>, failsAt: number): UpstreamRecords {
  let calls = 0
  const fails = (): boolean => ++calls % failsAt === 0
  const failed = { ok: false, refused: false, outcome: 'status-503' } as const
  return {
    find: async ({ resource }, value) => {
      const table = resource.name.slice(1)
      const theirs = [...papers].filter(
        ([name, of]) => of === `t${table}/${value}` && name.startsWith(`${resource.name}/`),
      )
      const records = theirs.slice(0, 2).map(([name]) => ({ no: name.split('/')[1], of: value }))
      return fails() ? failed : { ok: true, records }
    },
    remove: async ({ resource }, key) => {
      if (fails()) return failed
      return { ok: true, was: papers.delete(`${resource.name}/${key}`) ? 'there' : 'absent' }
    },
  }
}

test(
  'for random graphs, rules and holds, exactly what hangs upstream on what went is gone',
  { timeout: LONG },
  async () => {
    await using database = await scratchDatabase(inject('serverUrl'))
    await createRecords(database)
    const like = worldOn(database)
      .desk.bundle()
      .document.catalogue.find(({ resource }) => resource === 'invoice')
    if (like === undefined) throw new Error('the fixture has invoices')
    const counts = fc.array(fc.nat(4), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(
        randomGraph,
        counts,
        fc.integer({ min: 3, max: 9 }),
        fc.nat(),
        async (graph, each, failsAt, held) => {
          await fill(database, graph)
          await database.pool.query('TRUNCATE varco.holds')
          const papers = papersOn(graph, each)
          const all = new Map(papers)
          const files = [...catalogueOf(graph, like), ...papersOf(graph, like)]
          const { desk: still, clock } = worldOn(database, rulesOf(graph), files, upstreamOf(graph))
          const desk = {
            ...still,
            upstreams: flakyUpstream(papers, failsAt),
            pause: async (ms: number) => {
              clock.advance(BigInt(Math.ceil(ms)) * 1_000n)
            },
          }
          const place = (scope: HoldScope) =>
            placeHold(desk, {
              ...{ scope, case: 'RG 1', reason: 'a dispute before the court' },
              ...{ by: person('LEG-1'), reviewAt: null },
            })
          for (const scope of graph.holds) await place(scope)
          const [name = '', parent = ''] = [...all][held % Math.max(1, all.size)] ?? []
          const [resource = '', record = ''] = name.split('/')
          if (name !== '') await place({ kind: 'record', resource, record })
          const plan = await approvedPlan(desk).catch(() => null)
          let outcome = plan === null ? null : await runPlan(desk, { plan: plan.id, by: person('SCH-1') })
          while (plan !== null && outcome?.ok === true && outcome.ended === 'put-off') {
            clock.advance(outcome.until - clock.now())
            outcome = await runPlan(desk, { plan: plan.id, by: person('SCH-1') })
          }
          const [table = '', id = ''] = parent.split('/')
          const today = Temporal.PlainDate.from('2026-11-25')
          const holds = (await desk.store.holds()).filter(
            ({ scope }) => !('resource' in scope && scope.resource === resource),
          )
          const others = survivors(graph, today, holds)
          // A paper that is held keeps its record, and no other paper of it.
          const kept: { readonly scope: HoldScope } = {
            scope: { kind: 'record', resource: table, record: id },
          }
          const left = await recordsIn(database, graph)
          expect(left).toEqual(survivors(graph, today, name === '' ? holds : [...holds, kept]))
          const stay = [...all].filter(
            ([paper, of]) =>
              paper === name || (left.includes(of) && (of !== parent || others.includes(parent))),
          )
          expect([...papers.keys()].toSorted()).toEqual(stay.map(([paper]) => paper).toSorted())
          if (outcome === null) return
          if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
          const went = outcome.certificate.certificate.rules.flatMap((rule) => rule.upstream)
          expect(went.reduce((sum, { done }) => sum + done, 0)).toBe(all.size - papers.size)
        },
      ),
      { numRuns: ROUNDS, endOnFailure: true },
    )
  },
)
