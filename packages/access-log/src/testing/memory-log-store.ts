import { isDeepStrictEqual } from 'node:util'
import { newestFirst } from '../reading/cursor.ts'
import { type Hash } from '../merkle/hash.ts'
import {
  gotIn,
  type Batch,
  type FoundEvent,
  type Head,
  type LogStore,
  type NewEvent,
  type PlacedEvent,
  type PlacedSideRow,
  type StoredCheckpoint,
  type TreeId,
} from '../store/log-store.ts'
import type { FoundSideRow, HeldRows, LogReadStore, SeqRange, StoreQuery } from '../store/log-read-store.ts'
import type { LogPruning } from '../store/log-pruning.ts'
import { sideRowHash } from '../store/side-row.ts'
import { decodeEvent } from '../stored-event.ts'

/** What the memory store holds of one tree; tests may tamper with it. */
export interface MemoryTree extends TreeId {
  head: Head
  events: NewEvent[]
  sideRows: PlacedSideRow[]
  checkpoints: StoredCheckpoint[]
  tiles: { level: number; index: number; hash: Hash }[]
}

export interface MemoryLogStore extends LogStore, LogReadStore, LogPruning {
  readonly trees: MemoryTree[]
}

/** A store in memory that keeps every promise of the ports. */
export function memoryLogStore(): MemoryLogStore {
  return storeOver([])
}

function storeOver(trees: MemoryTree[]): MemoryLogStore {
  const treeOf = ({ writer, epoch }: TreeId): MemoryTree | undefined =>
    trees.find((tree) => tree.writer === writer && tree.epoch === epoch)
  const found = (tree: TreeId, { seq, at, body }: PlacedEvent): FoundEvent => ({
    writer: tree.writer,
    epoch: tree.epoch,
    seq,
    at,
    body,
  })
  const everyEvent = (): FoundEvent[] =>
    trees.flatMap((tree) => tree.events.map((event) => found(tree, event)))
  /** Newest first: those that are looked at one by one for what only their bodies tell. */
  const lookedAt = (query: StoreQuery): readonly FoundEvent[] => {
    const bounded =
      query.lookAt !== undefined &&
      query.subject === undefined &&
      query.record === undefined &&
      (query.field !== undefined ||
        query.decision === 'permit' ||
        IN_BODIES.some((key) => query[key] !== undefined))
    if (!bounded) return everyEvent().sort(newestFirst)
    const { field: _field, decision: _decision, ...beside } = query
    for (const key of IN_BODIES) delete (beside as { -readonly [K in keyof StoreQuery]: StoreQuery[K] })[key]
    const isDenied = ({ body }: FoundEvent): boolean => decodeEvent(body).decision === 'deny'
    return everyEvent()
      .filter((event) => matches(event, [], beside))
      .filter((event) => query.decision === undefined || isDenied(event) === (query.decision === 'deny'))
      .sort(newestFirst)
      .slice(0, query.lookAt)
  }
  const sideRowsOf = ({ writer, epoch, seq }: TreeId & { readonly seq: number }): PlacedSideRow[] =>
    treeOf({ writer, epoch })?.sideRows.filter((row) => row.seq === seq) ?? []

  return {
    trees,
    atOneMoment: (read) => read(storeOver(structuredClone(trees))),
    head: async (writer) =>
      trees.filter((tree) => tree.writer === writer).sort((a, b) => b.epoch - a.epoch)[0]?.head ?? null,
    heads: async () =>
      trees
        .map(({ head }) => head)
        .sort((a, b) => (a.writer === b.writer ? a.epoch - b.epoch : a.writer < b.writer ? -1 : 1)),
    treesWithRows: async () => trees.map(({ writer, epoch }) => ({ writer, epoch })),
    checkpoint: async (tree, size) =>
      treeOf(tree)?.checkpoints.find((checkpoint) => checkpoint.size === size) ?? null,
    checkpointsFrom: async (tree, size, limit) =>
      treeOf(tree)
        ?.checkpoints.filter((checkpoint) => checkpoint.size >= size)
        .slice(0, limit) ?? [],
    commit: async (batch, ahead) => {
      if (ahead !== undefined && !(await gotIn(ahead))) return 'superseded'
      const tree = treeOf(batch)
      if (!isBase(tree, batch)) return 'superseded'
      const { writer, epoch, head, checkpoint } = batch
      const grown = tree ?? { writer, epoch, head, events: [], sideRows: [], checkpoints: [], tiles: [] }
      if (tree === undefined) trees.push(grown)
      grown.head = head
      grown.events.push(...batch.events)
      grown.sideRows.push(...batch.sideRows)
      grown.checkpoints.push(checkpoint)
      grown.tiles.push(...batch.tiles)
      for (const place of batch.erase) {
        const other = treeOf(place)
        if (other === undefined) continue
        other.sideRows = other.sideRows.filter(
          ({ seq, position }) => seq !== place.seq || position !== place.position,
        )
      }
      return 'committed'
    },
    find: async (tree, seq) => {
      const event = treeOf(tree)?.events.find((one) => one.seq === seq)
      return event === undefined ? null : found(tree, event)
    },
    sideRows: async (tree, seq) => sideRowsOf({ ...tree, seq }).flatMap(shown),
    sideRowsOf: async (events) => events.map((event) => sideRowsOf(event).flatMap(shown)),
    search: async (query) =>
      lookedAt(query)
        .filter((event) => matches(event, sideRowsOf(event), query))
        .slice(0, query.limit),
    lookedTo: async (query) => {
      const looked = lookedAt(query)
      return looked.length === query.lookAt ? (looked.at(-1) ?? null) : null
    },
    accessesOf: async function* (subject) {
      for (const event of everyEvent().sort(newestFirst).reverse()) {
        const rows = sideRowsOf(event).filter((row) => row.subject === subject)
        if (rows.length > 0) yield { event, sideRows: rows.flatMap(shown) }
      }
    },
    erasable: async (subject, limit, held) =>
      trees
        .flatMap(({ writer, epoch, sideRows }) => {
          const seqs = new Set(sideRows.filter((row) => row.subject === subject).map(({ seq }) => seq))
          for (const row of sideRows) if (isHeld(row, held)) seqs.delete(row.seq)
          return sideRows
            .filter((row) => seqs.has(row.seq) && (row.subject === subject || row.resource === null))
            .sort((a, b) => a.seq - b.seq || Number(a.resource !== null) - Number(b.resource !== null))
            .map((row) => ({ writer, epoch, ...row }))
        })
        .slice(0, limit),
    cut: async (tree, before) => {
      const events = treeOf(tree)?.events ?? []
      return {
        lastBefore: events.findLast(({ at }) => at < before)?.seq ?? null,
        firstAfter: events.find(({ at }) => at >= before)?.seq ?? null,
      }
    },
    drop: async (before, cuts) => {
      for (const tree of trees) {
        const size =
          cuts.find(({ writer, epoch }) => writer === tree.writer && epoch === tree.epoch)?.size ?? 0
        tree.events = tree.events.filter(({ at }) => at >= before)
        tree.sideRows = tree.sideRows.filter(({ at }) => at >= before)
        tree.checkpoints = tree.checkpoints.filter((checkpoint) => checkpoint.size >= size)
      }
    },
    tiles: async (tree, level, from, to) =>
      (treeOf(tree)?.tiles ?? [])
        .filter((tile) => tile.level === level && tile.index >= from && tile.index < to)
        .map(({ hash }) => hash),
    acts: async function* (kind) {
      for (const event of everyEvent().sort(newestFirst).reverse())
        if (decodeEvent(event.body).kind === kind) yield event
    },
    walkEvents: async function* (tree, range) {
      const events = treeOf(tree)?.events ?? []
      yield events.filter(within(range)).map(({ seq, at, body, keys }) => ({
        ...{ seq, at: Number(at), leaf: Buffer.from(`\0${body}`) },
        hasKeys: (others) => isDeepStrictEqual(others, keys),
      }))
    },
    walkSideRows: async function* (tree, range) {
      const rows = treeOf(tree)?.sideRows ?? []
      yield rows.filter(within(range)).map((row) => ({
        seq: row.seq,
        position: row.position,
        at: Number(row.at),
        commitment: sideRowHash(row),
      }))
    },
    walkCheckpoints: async function* (tree, { from, to }) {
      yield treeOf(tree)?.checkpoints.filter(({ size }) => size >= from && size < to) ?? []
    },
    walkTiles: async function* (tree) {
      yield treeOf(tree)?.tiles ?? []
    },
  }
}

function isHeld({ subject, resource, recordKey }: PlacedSideRow, held: HeldRows): boolean {
  return (
    (subject !== null && held.subjects.includes(subject)) ||
    (resource !== null && held.resources.includes(resource)) ||
    held.records.some((record) => record.resource === resource && record.key === recordKey)
  )
}

function isBase(tree: MemoryTree | undefined, { base }: Batch): boolean {
  if (tree === undefined || base === null) return tree === undefined && base === null
  return tree.head.size === base.size && tree.head.nodes.join('') === base.nodes.join('')
}

function within({ from, to }: SeqRange): (row: { readonly seq: number }) => boolean {
  return ({ seq }) => seq >= from && seq < to
}

function shown({ position, resource, recordKey }: PlacedSideRow): FoundSideRow[] {
  return resource === null || recordKey === null ? [] : [{ position, resource, recordKey }]
}

function matches(found: FoundEvent, rows: readonly PlacedSideRow[], query: StoreQuery): boolean {
  const event = decodeEvent(found.body)
  const { from, to, after, subject, record, field } = query
  return (
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to) &&
    EQUALS.every((key) => query[key] === undefined || query[key] === event[key]) &&
    (field === undefined || event.plain.includes(field) || event.masked.includes(field)) &&
    (subject === undefined || rows.some((row) => row.subject === subject)) &&
    (record === undefined ||
      rows.some((row) => row.resource === record.resource && row.recordKey === record.key)) &&
    (after === undefined || newestFirst(found, after) > 0)
  )
}

const IN_BODIES = ['contract', 'processor', 'purpose', 'grant', 'requestId', 'resource'] as const
const EQUALS = ['kind', 'operator', 'ticket', 'decision', ...IN_BODIES] as const
