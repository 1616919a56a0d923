import type { Clock } from '@varco/core'
import type { RestrictedRecords } from '@varco/proxy'
import type {
  Bundle,
  ClosedCondition,
  RecordFilter,
  RecordSource,
  RecordWriter,
  Resource,
} from '@varco/policy'
import {
  pointsAtNobodyRestricted,
  RESTRICTIONS_FRESH_MS,
  restrictedIn,
  unrestricted,
  type Restriction,
  type RestrictionStore,
} from '@varco/retention'

/** Which records of a resource are free: by what they hold, and by what they point at. */
type Free = (resource: Resource) => {
  readonly reach: ClosedCondition
  readonly pointing: RecordFilter | null
}

/** What is restricted now, and the catalogue by which records point at one another. */
export interface InForce {
  readonly bundle: () => Bundle
  readonly restrictions: () => Promise<readonly Restriction[]>
}

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
export function withoutRestricted(source: RecordSource, inForce: InForce): RecordSource {
  return {
    fetch: async (query) => {
      const free = await freeNow(inForce)
      const order = query.order.map((term) =>
        term.of === undefined ? term : { ...term, of: { ...term.of, set: narrowed(term.of.set, free) } },
      )
      return source.fetch({ ...narrowed(query, free), order })
    },
    count: async (set) => source.count(narrowed(set, await freeNow(inForce))),
  }
}

/** For records that do not come from the body's tables. */
export function restrictedElsewhere({ bundle, restrictions }: InForce): () => Promise<RestrictedRecords> {
  const known = new WeakMap<readonly Restriction[], Map<Resource, ReturnType<RestrictedRecords>>>()
  return async () => {
    const inForce = await restrictions()
    const judges = known.get(inForce) ?? new Map<Resource, ReturnType<RestrictedRecords>>()
    known.set(inForce, judges)
    return (resource) => {
      const judge = judges.get(resource) ?? restrictedIn(inForce, resource, bundle())
      judges.set(resource, judge)
      return judge
    }
  }
}

/** What is restricted is not changed either. */
export function restrictedWriter(writer: RecordWriter, inForce: InForce): RecordWriter {
  return {
    update: async (update, allow) => writer.update(narrowed(update, await freeNow(inForce)), allow),
  }
}

async function freeNow({ bundle, restrictions }: InForce): Promise<Free> {
  const inForce = await restrictions()
  return (resource) => ({
    reach: unrestricted(inForce, resource),
    pointing: pointsAtNobodyRestricted(inForce, resource, bundle()),
  })
}

function narrowed<T extends { resource: Resource; reach: ClosedCondition; filter: RecordFilter | null }>(
  set: T,
  free: Free,
): T {
  const spared = free(set.resource)
  const reach =
    spared.reach.op === 'always' ? set.reach : { op: 'and' as const, of: [set.reach, spared.reach] }
  // What is restricted is looked for in all there is, or nothing would be found to point at it.
  const filters = [set.filter === null ? null : narrowedFilter(set.filter, free), spared.pointing].filter(
    (each) => each !== null,
  )
  const [only = null] = filters
  return { ...set, reach, filter: filters.length > 1 ? { kind: 'all', of: filters } : only }
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
    case 'range':
    case 'words':
      return filter
  }
}
