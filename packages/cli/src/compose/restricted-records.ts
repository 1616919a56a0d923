import type { Clock } from '@varco/core'
import type { RestrictedRecords } from '@varco/proxy'
import type { ClosedCondition, RecordFilter, RecordSource, RecordWriter, Resource } from '@varco/policy'
import {
  RESTRICTIONS_FRESH_MS,
  restrictedIn,
  unrestricted,
  type Restriction,
  type RestrictionStore,
} from '@varco/retention'

type Free = (resource: Resource) => ClosedCondition

/**
 * Reads what is restricted again before it is older than a node may go by, counted from the asking: so an access that begins
 * after a restriction's return knows of it, however slow the answer. @throws UnavailableError when it cannot be read
 */
export function freshRestrictions(
  store: Pick<RestrictionStore, 'restrictions'>,
  clock: Pick<Clock, 'now'>,
): () => Promise<readonly Restriction[]> {
  let read: { readonly at: bigint; readonly asked: Promise<readonly Restriction[]> } | null = null
  return async () => {
    const now = clock.now()
    const age = read === null ? Infinity : Number(now - read.at) / 1_000
    // A clock that stepped back makes nothing younger.
    if (read === null || age < 0 || age >= RESTRICTIONS_FRESH_MS / 2) {
      const asked = store.restrictions()
      read = { at: now, asked }
      asked.catch(() => {
        read = null
      })
    }
    return read.asked
  }
}

/** The records as the gate may see them: what is restricted is not there, not even to filters and orders over relations. */
export function withoutRestricted(
  source: RecordSource,
  restrictions: () => Promise<readonly Restriction[]>,
): RecordSource {
  return {
    fetch: async (query) => {
      const free = freeOf(await restrictions())
      const order = query.order.map((term) =>
        term.of === undefined ? term : { ...term, of: { ...term.of, set: narrowed(term.of.set, free) } },
      )
      return source.fetch({ ...narrowed(query, free), order })
    },
    count: async (set) => source.count(narrowed(set, freeOf(await restrictions()))),
  }
}

/** For records that do not come from the body's tables. */
export function restrictedElsewhere(
  restrictions: () => Promise<readonly Restriction[]>,
): () => Promise<RestrictedRecords> {
  const known = new WeakMap<readonly Restriction[], Map<Resource, ReturnType<RestrictedRecords>>>()
  return async () => {
    const inForce = await restrictions()
    const judges = known.get(inForce) ?? new Map<Resource, ReturnType<RestrictedRecords>>()
    known.set(inForce, judges)
    return (resource) => {
      const judge = judges.get(resource) ?? restrictedIn(inForce, resource)
      judges.set(resource, judge)
      return judge
    }
  }
}

/** What is restricted is not changed either. */
export function restrictedWriter(
  writer: RecordWriter,
  restrictions: () => Promise<readonly Restriction[]>,
): RecordWriter {
  return {
    update: async (update, allow) => writer.update(narrowed(update, freeOf(await restrictions())), allow),
  }
}

function freeOf(restrictions: readonly Restriction[]): Free {
  return (resource) => unrestricted(restrictions, resource)
}

function narrowed<T extends { resource: Resource; reach: ClosedCondition; filter: RecordFilter | null }>(
  set: T,
  free: Free,
): T {
  const spared = free(set.resource)
  const reach = spared.op === 'always' ? set.reach : { op: 'and' as const, of: [set.reach, spared] }
  return { ...set, reach, filter: set.filter === null ? null : narrowedFilter(set.filter, free) }
}

function narrowedFilter(filter: RecordFilter, free: Free): RecordFilter {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { ...filter, of: filter.of.map((part) => narrowedFilter(part, free)) }
    case 'not':
    case 'at':
      return { ...filter, of: narrowedFilter(filter.of, free) }
    case 'related':
      return { ...filter, set: narrowed(filter.set, free) }
    case 'condition':
    case 'like':
    case 'matches':
    case 'within':
    case 'list':
    case 'json':
    case 'words':
      return filter
  }
}
