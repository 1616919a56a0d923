import { unsureRule, type ClaimedPage, type Settled, type SliceUnderWay } from '@varco/retention'
import type pg from 'pg'
import { arrayText, textsIn } from './array-text.ts'
import { available } from './available.ts'
import { beginUnderHolds } from './hold-rows.ts'
import { sliceOn } from './slice-transaction.ts'
import { whenBusy } from './when-busy.ts'
import { without } from './without.ts'
import { tombstoneInsert, writeTombstones } from './write-tombstones.ts'

/** With a page's number: taken for as long as a process works on the page, and let go of when its connection ends. */
const PAGE_LOCK = `hashtext('varco.retention_pages')`
const CANDIDATES = 64

/** A free page of the rule on which fewer passes were made; `null`: there is none now. */
export async function claimPage(
  pool: pg.Pool,
  plan: string,
  rule: string,
  pass: number | null,
): Promise<ClaimedPage | null> {
  const client = await pool.connect()
  try {
    const page = await lockFreePage(client, plan, rule, pass)
    if (page !== null) return claimed(pool, client, page)
  } catch (cause) {
    // It may have a page's lock: it is not given back to the pool.
    client.release(true)
    throw cause
  }
  client.release()
  return null
}

async function lockFreePage(
  client: pg.PoolClient,
  plan: string,
  rule: string,
  pass: number | null,
): Promise<PageRow | null> {
  for (;;) {
    // Listed first, then locked one by one until one was free; somebody may have been through it since it was listed. Of this
    // commit alone nobody waits for the disk: a pass that a crash forgets is made once more.
    const { rows } = await client.query<{ id: string; todo: string | null; begun: string[] | null }>(
      `WITH candidates AS MATERIALIZED (
         SELECT id FROM varco.retention_pages WHERE plan = $1 AND rule = $2 AND open AND ($3::int IS NULL OR pass < $3)
         ORDER BY pass, id LIMIT ${CANDIDATES}),
       free AS MATERIALIZED (SELECT id FROM candidates WHERE pg_try_advisory_lock(${PAGE_LOCK}, id::int) LIMIT 1),
       taken AS (
         UPDATE varco.retention_pages AS p SET pass = coalesce($3, pass), referenced = 0, busy = 0
         FROM free WHERE p.id = free.id AND open AND ($3::int IS NULL OR pass < $3)
         RETURNING p.id, todo, begun, set_config('synchronous_commit', 'off', true))
       SELECT free.id, todo::text AS todo, begun FROM free LEFT JOIN taken USING (id)`,
      [plan, rule, pass],
    )
    const [free] = rows
    if (free === undefined) return null
    const { id, todo, begun } = free
    if (todo !== null) return { id, plan, rule, todo: textsIn(todo), begun }
    await client.query(`SELECT pg_advisory_unlock(${PAGE_LOCK}, $1::int)`, [id])
  }
}

interface PageRow {
  readonly id: string
  readonly plan: string
  readonly rule: string
  readonly todo: string[]
  readonly begun: string[] | null
}

type SliceWork = (slice: SliceUnderWay) => Promise<Settled>

/** The page's connection holds its lock: when the one goes, so does the other. */
function claimed(pool: pg.Pool, client: pg.PoolClient, page: PageRow): ClaimedPage {
  let todo: readonly string[] = page.todo
  // What went and is still to be asked for is no longer to be done.
  const before = page.begun ?? []
  const open = new Set(before.length === 0 ? [] : todo)
  let begun: readonly string[] = before.filter((key) => open.has(key))
  let unasked: readonly string[] = before.filter((key) => !open.has(key))
  let broken = false
  const fault = (): void => {
    broken = true
  }
  client.on('error', fault)
  const onPage = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await available('retention', work)
    } catch (cause) {
      broken = true
      throw cause
    }
  }
  const settle = async (settled: Settled, unsure: readonly string[]): Promise<void> => {
    const { done, held, notDue, gone, identifiable, upstream } = settled
    const left = without(todo, [...done, ...held, ...notDue, ...gone, ...identifiable, ...upstream])
    const toAsk = settled.foundAgain === null ? settled.done : []
    await writeSettled(client, page, { left, begun: [...unsure, ...toAsk] }, settled)
    await client.query('COMMIT')
    todo = left
    begun = unsure
    unasked = toAsk
  }
  /** What another slice had begun is answered by this one, but for what it could not lock. */
  const stillUnsure = (keys: readonly string[], before: readonly string[], settled: Settled) =>
    without(before, without(keys, settled.busy))
  const sliceTogether = async (keys: readonly string[], work: SliceWork): Promise<void> => {
    try {
      const holds = await beginUnderHolds(client)
      // The lock that keeps holds away and the records' own go together.
      const settled = await work({ holds, confirm: async () => {}, within: sliceOn(pool, client) })
      await settle(settled, stillUnsure(keys, begun, settled))
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => {})
      throw cause
    }
  }
  const sliceApart = async (keys: readonly string[], work: SliceWork): Promise<void> => {
    const before = begun
    begun = [...new Set([...before, ...keys])]
    await client.query('UPDATE varco.retention_pages SET begun = $2 WHERE id = $1', [
      page.id,
      arrayText(begun),
    ])
    const holds = await beginUnderHolds(client)
    const confirm = async (): Promise<void> => {
      await client.query('SELECT 1')
    }
    const settled = await work({ holds, confirm, within: null })
    await settle(settled, stillUnsure(keys, before, settled))
  }
  return {
    get todo() {
      return todo
    },
    get begun() {
      return begun
    },
    get unasked() {
      return unasked
    },
    slice: (keys, { keptIn }, work) =>
      onPage(() =>
        keptIn === pool ? whenBusy('retention', () => sliceTogether(keys, work)) : sliceApart(keys, work),
      ),
    recover: (settled) =>
      onPage(async () => {
        await client.query('BEGIN')
        await settle(settled, [])
      }),
    close: () =>
      onPage(async () => {
        await client.query(
          "UPDATE varco.retention_pages SET open = false, todo = '{}', begun = NULL WHERE id = $1",
          [page.id],
        )
      }),
    abandon: (unsure) =>
      onPage(async () => {
        await client.query('BEGIN')
        await writeTombstones(client, { plan: page.plan, rule: unsureRule(page.rule) }, unsure)
        await client.query(
          "UPDATE varco.retention_pages SET open = false, not_reached = cardinality(todo), todo = '{}', begun = NULL WHERE id = $1",
          [page.id],
        )
        await client.query('COMMIT')
      }),
    [Symbol.asyncDispose]: async () => {
      client.off('error', fault)
      if (!broken)
        await client.query(`SELECT pg_advisory_unlock(${PAGE_LOCK}, $1::int)`, [page.id]).catch(fault)
      client.release(broken)
    },
  }
}

async function writeSettled(
  client: pg.PoolClient,
  { id, plan, rule }: PageRow,
  { left, begun }: { readonly left: readonly string[]; readonly begun: readonly string[] },
  settled: Settled,
): Promise<void> {
  const tombstones = tombstoneInsert({ plan, rule }, settled, 13)
  await client.query(
    `${tombstones === null ? '' : `WITH buried AS (${tombstones.text}) `}UPDATE varco.retention_pages
     SET begun = nullif($12::text[], '{}'), todo = $2, open = cardinality($2::text[]) + cardinality($12::text[]) > 0,
       done = done + $3, held = held + $4, referenced = referenced + $5, not_due = not_due + $6, busy = busy + $7,
       gone = gone + $8, found_again = found_again + $9, identifiable = identifiable + $10,
       upstream = upstream + $11
     WHERE id = $1`,
    [
      id,
      arrayText(left),
      settled.done.length,
      settled.held.length,
      settled.referenced.length,
      settled.notDue.length,
      settled.busy.length,
      settled.gone.length,
      settled.foundAgain ?? 0,
      settled.identifiable.length,
      settled.upstream.length,
      arrayText(begun),
      ...(tombstones?.values ?? []),
    ],
  )
}
