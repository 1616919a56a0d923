import { InvariantError, type DataSubjectRef, type EventId } from '@varco/core'
import type { InclusionProof } from '../inclusion-proof.ts'
import type { LogKeys } from '../keys/log-keys.ts'
import { subjectLookup, type LookupSubject } from '../keys/subject-lookup.ts'
import { frontierRoot } from '../merkle/frontier.ts'
import { hashToBase64, leafHash } from '../merkle/hash.ts'
import { inclusionPath, rootFromInclusion, type NodeSource } from '../merkle/proof.ts'
import { parseCheckpointText } from '../notes/checkpoint.ts'
import { parseNote } from '../notes/signed-note.ts'
import type {
  AccessLogReader,
  EventPage,
  EventQuery,
  FoundAccess,
  StoredDisclosure,
  WriterState,
} from '../reader.ts'
import type { FoundSideRow, LogReadStore, StoreQuery } from '../store/log-read-store.ts'
import type { FoundEvent, Head, StoredCheckpoint } from '../store/log-store.ts'
import { treeKey } from '../store/tree-key.ts'
import { decodeEvent, parseEventId } from '../stored-event.ts'
import { cursorText, parseCursor } from './cursor.ts'
import { keptFrontier } from '../prune/kept-frontier.ts'
import { tileNodes } from './tile-nodes.ts'
import { nodeRow, treeNodes } from './tree-nodes.ts'

export interface AccessLogReaderOptions {
  readonly store: LogReadStore
  readonly keys: Pick<LogKeys, 'lookup'>
}

const MAX_PAGE = 500

/** Opens the log for reading; every method throws when the store cannot be reached. */
export function openAccessLogReader({ store, keys }: AccessLogReaderOptions): AccessLogReader {
  const lookup = subjectLookup(keys.lookup)
  return {
    // The page and where it stopped are of one moment: what is committed in between would push the end towards what was seen.
    search: (query) =>
      query.lookAt === undefined
        ? search(store, lookup, query)
        : store.atOneMoment((frozen) => search(frozen, lookup, query)),
    find: async (id) => {
      const place = parseEventId(id)
      const found = place === null ? null : await store.find(place, place.seq)
      return found === null ? null : decodeEvent(found.body)
    },
    disclosures: async (id) => {
      const place = parseEventId(id)
      return place === null ? [] : disclosuresOf(id, await store.sideRows(place, place.seq))
    },
    disclosuresOf: async (events) => {
      const rows = events.length === 0 ? [] : await store.sideRowsOf(events)
      return events.map(({ id }, i) => disclosuresOf(id, rows[i] ?? []))
    },
    accessesOf: (dataSubject) => accessesOf(store, lookup, dataSubject),
    prove: (id) => prove(store, id),
    prover: () => prover(store),
    state: () => state(store),
  }
}

async function search(store: LogReadStore, lookup: LookupSubject, query: EventQuery): Promise<EventPage> {
  const { dataSubject, after, limit, ...rest } = query
  const cursor = after === undefined ? undefined : parseCursor(after)
  if (cursor === null || !Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    return { events: [], next: null }
  const asked: StoreQuery = {
    ...rest,
    ...(dataSubject === undefined ? {} : { subject: lookup(dataSubject) }),
    ...(cursor === undefined ? {} : { after: cursor }),
    limit: limit + 1,
  }
  const found = await store.search(asked)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const events = page.map(({ body }) => decodeEvent(body))
  if (found.length > limit && last !== undefined) return { events, next: cursorText(last) }
  const stopped = asked.lookAt === undefined ? null : await store.lookedTo(asked)
  return { events, next: stopped === null ? null : cursorText(stopped) }
}

async function* accessesOf(
  store: LogReadStore,
  lookup: LookupSubject,
  dataSubject: DataSubjectRef,
): AsyncGenerator<FoundAccess> {
  for await (const { event, sideRows } of store.accessesOf(lookup(dataSubject))) {
    const decoded = decodeEvent(event.body)
    yield { event: decoded, body: event.body, disclosures: disclosuresOf(decoded.id, sideRows) }
  }
}

function disclosuresOf(event: EventId, rows: readonly FoundSideRow[]): readonly StoredDisclosure[] {
  return rows.map(({ position, resource, recordKey }) => ({ event, position, resource, recordKey }))
}

/** @throws InvariantError when the log is damaged there: a proof that does not hold is not handed out */
async function prove(store: LogReadStore, id: EventId): Promise<InclusionProof | null> {
  const place = parseEventId(id)
  const found = place === null ? null : await store.find(place, place.seq)
  const head = (await store.heads()).find(
    ({ writer, epoch }) => writer === place?.writer && epoch === place.epoch,
  )
  if (found === null || head === undefined) return null
  const checkpoint = await store.checkpoint(head, head.size)
  return proofOf(found, head.size, checkpoint, treeNodes(store, head, await keptFrontier(store, head)))
}

/** What the proofs of one tree's events have in common, read once. */
interface ProvedTree {
  readonly head: Head
  readonly checkpoint: StoredCheckpoint | null
  readonly nodeAt: NodeSource
}

async function prover(
  store: LogReadStore,
): Promise<(id: EventId, body?: string) => Promise<InclusionProof | null>> {
  const trees = new Map<string, ProvedTree>()
  for (const head of await store.heads()) {
    const kept = await keptFrontier(store, head)
    trees.set(treeKey(head), {
      head,
      checkpoint: await store.checkpoint(head, head.size),
      nodeAt: tileNodes(
        head.size,
        kept.size,
        (base, from, to) => nodeRow(store, head, base, from, to),
        treeNodes(store, head, kept),
      ),
    })
  }
  return async (id, body) => {
    const place = parseEventId(id)
    const tree = place === null ? undefined : trees.get(treeKey(place))
    // It came after the question.
    if (place === null || tree === undefined || place.seq >= tree.head.size) return prove(store, id)
    const found = body === undefined ? await store.find(place, place.seq) : { seq: place.seq, body }
    return found === null ? null : proofOf(found, tree.head.size, tree.checkpoint, tree.nodeAt)
  }
}

async function proofOf(
  { seq, body }: Pick<FoundEvent, 'seq' | 'body'>,
  size: number,
  checkpoint: StoredCheckpoint | null,
  nodeAt: NodeSource,
): Promise<InclusionProof> {
  const path = await inclusionPath(seq, size, nodeAt)
  if (checkpoint === null || rootFromInclusion(seq, size, leafHash(body), path) !== rootOf(checkpoint.note))
    throw new InvariantError('the log does not prove this event; verify it')
  return {
    body,
    index: String(seq),
    size: String(size),
    path: path.map(hashToBase64),
    checkpoint: checkpoint.note,
  }
}

function rootOf(note: string): string | undefined {
  return parseCheckpointText(parseNote(note)?.text ?? '')?.root
}

async function state(store: LogReadStore): Promise<readonly WriterState[]> {
  const heads = await store.heads()
  return Promise.all(
    heads.map(async (head) => ({
      writer: head.writer,
      epoch: head.epoch,
      size: head.size,
      root: hashToBase64(frontierRoot(head)),
      checkpoint: (await store.checkpoint(head, head.size))?.note ?? '',
      at: head.at,
    })),
  )
}
