import { availableParallelism } from 'node:os'
import {
  frontierLength,
  hashesFromBytes,
  type Head,
  type LogPruning,
  type LogReadStore,
  type LogStore,
  type Scanner,
  type StoredCheckpoint,
  type TreeId,
} from '@varco/access-log'
import { InvariantError } from '@varco/core'
import { and, asc, desc, eq, gte, lt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient } from 'pg'
import type { Database } from './database.ts'
import { LogCommitter, type ClockMinding } from './log-commit.ts'
import {
  accessesOf,
  acts,
  erasableRows,
  foundEvent,
  lookedTo,
  searchEvents,
  sideRowsOf,
} from './log-search.ts'
import { cutOf, dropMonths } from './log-prune.ts'
import { WorkerScanner } from './log-scanner.ts'
import { LogWalks } from './log-walk.ts'
import { checkpoints, heads, tiles } from './schema/access-log.ts'

/** The access log's store on PostgreSQL. Dispose of it for its own connections to end. */
export interface PostgresLogStore extends LogStore, LogReadStore, LogPruning, AsyncDisposable {
  /** For `verifyLog`: looks through the pieces in threads of its own, as many as the machine has processors when not said. */
  readonly scanner: (workers?: number) => (frozen: LogReadStore) => Scanner
}

export function openLogStore(
  database: Database,
  minding: ClockMinding = { mindsClock: true },
): PostgresLogStore {
  const { pool, url } = database
  const orm = drizzle(pool)
  const committer = new LogCommitter(database, minding)
  const walks = new LogWalks(url)
  return {
    ...reading(pool, walks),
    atOneMoment: (read) => atOneMoment(database, read),
    scanner:
      (workers = availableParallelism()) =>
      (frozen) =>
        new WorkerScanner({ url, snapshot: SNAPSHOTS.get(frozen) }, workers),
    head: async (writer) => {
      const [row] = await orm
        .select()
        .from(heads)
        .where(eq(heads.writer, writer))
        .orderBy(desc(heads.epoch))
        .limit(1)
      if (row === undefined) return null
      const head = headOf(row)
      if (head.nodes.length !== frontierLength(head.size))
        throw new InvariantError(`the head of ${writer} is damaged`)
      return head
    },
    commit: (batch, ahead) => committer.commit(batch, ahead),
    cut: (tree, before) => cutOf(pool, tree, before),
    drop: (before, trees, minded) => dropMonths(pool, before, trees, minded),
    [Symbol.asyncDispose]: async () => {
      await committer[Symbol.asyncDispose]()
      await walks[Symbol.asyncDispose]()
    },
  }
}

/** The exported snapshot that a frozen store reads. */
const SNAPSHOTS = new WeakMap<LogReadStore, string>()

/** One snapshot, shared by every connection that reads: what is appended or erased meanwhile is not seen. */
async function atOneMoment<T>(
  { pool, url }: Database,
  read: (frozen: LogReadStore) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot')
    const snapshot = rows[0]?.snapshot ?? ''
    await using walks = new LogWalks(url, snapshot)
    const frozen: LogReadStore = {
      ...reading(oneAtATime(client), walks),
      atOneMoment: (inner) => inner(frozen),
    }
    SNAPSHOTS.set(frozen, snapshot)
    return await read(frozen)
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

/** A client whose queries wait for each other: one connection answers one at a time. */
function oneAtATime(client: PoolClient): PoolClient {
  let last: Promise<unknown> = Promise.resolve()
  const query = (...args: Parameters<PoolClient['query']>): Promise<unknown> => {
    const next = last.then(() => client.query(...args))
    last = next.catch(() => {})
    return next
  }
  return Object.assign(Object.create(client) as PoolClient, { query })
}

function reading(source: Pool | PoolClient, walks: LogWalks): Omit<LogReadStore, 'atOneMoment'> {
  const orm = drizzle(source)
  return {
    heads: async () =>
      (await orm.select().from(heads).orderBy(asc(heads.writer), asc(heads.epoch))).map(headOf),
    treesWithRows: async () => (await source.query<TreeId>(TREES_WITH_ROWS)).rows,
    checkpoint: async (tree, size) => {
      const [row] = await orm
        .select()
        .from(checkpoints)
        .where(and(inTree(checkpoints, tree), eq(checkpoints.size, size)))
        .limit(1)
      return row === undefined ? null : checkpointOf(row)
    },
    checkpointsFrom: async (tree, size, limit) => {
      const rows = await orm
        .select()
        .from(checkpoints)
        .where(and(inTree(checkpoints, tree), gte(checkpoints.size, size)))
        .orderBy(asc(checkpoints.size))
        .limit(limit)
      return rows.map(checkpointOf)
    },
    find: async ({ writer, epoch }, seq) => {
      const { rows } = await source.query(FIND, [writer, epoch, seq])
      return rows[0] === undefined ? null : foundEvent(rows[0])
    },
    sideRows: async ({ writer, epoch }, seq) => (await source.query(SIDE_ROWS, [writer, epoch, seq])).rows,
    sideRowsOf: (events) => sideRowsOf(source, events),
    search: (query) => searchEvents(source, query),
    lookedTo: (query) => lookedTo(source, query),
    accessesOf: (subject) => accessesOf(source, subject),
    erasable: (subject, limit, held) => erasableRows(source, subject, limit, held),
    tiles: async (tree, level, from, to) => {
      const rows = await orm
        .select({ hash: tiles.hash })
        .from(tiles)
        .where(and(inTree(tiles, tree), eq(tiles.level, level), gte(tiles.idx, from), lt(tiles.idx, to)))
        .orderBy(asc(tiles.idx))
      return rows.flatMap(({ hash }) => hashesFromBytes(hash) ?? [])
    },
    acts: (kind) => acts(source, kind),
    walkEvents: (tree, range) => walks.events(tree, range),
    walkSideRows: (tree, range) => walks.sideRows(tree, range),
    walkCheckpoints: (tree, range) => walks.checkpoints(tree, range),
    walkTiles: (tree) => walks.tiles(tree),
  }
}

function inTree(table: typeof checkpoints | typeof tiles, { writer, epoch }: TreeId) {
  return and(eq(table.writer, writer), eq(table.epoch, epoch))
}

function headOf({ writer, epoch, size, atUs, frontier }: typeof heads.$inferSelect): Head {
  // A damaged frontier has the wrong number of nodes; verification reports it, a writer refuses it.
  return { writer, epoch, size, at: atUs, nodes: hashesFromBytes(frontier) ?? [] }
}

function checkpointOf({ size, atUs, note, leaves }: typeof checkpoints.$inferSelect): StoredCheckpoint {
  return { size, at: atUs, note, leaves }
}

const FIND =
  'SELECT writer, epoch, seq, at_us, body FROM varco.events WHERE writer = $1 AND epoch = $2 AND seq = $3'

const SIDE_ROWS = `SELECT pos AS position, resource, record_key AS "recordKey" FROM varco.disclosures
  WHERE writer = $1 AND epoch = $2 AND seq = $3 AND resource IS NOT NULL ORDER BY pos`

/** Each table's distinct trees, by hopping along its primary key. */
const TREES_WITH_ROWS = ['events', 'disclosures', 'checkpoints', 'tiles']
  .map(
    (table) => `(WITH RECURSIVE tree AS (
      (SELECT writer, epoch FROM varco.${table} ORDER BY writer, epoch LIMIT 1)
      UNION ALL
      SELECT next.writer, next.epoch FROM tree CROSS JOIN LATERAL (
        SELECT writer, epoch FROM varco.${table} WHERE (writer, epoch) > (tree.writer, tree.epoch) ORDER BY writer, epoch LIMIT 1
      ) next
    ) SELECT writer, epoch FROM tree)`,
  )
  .join(' UNION ')
