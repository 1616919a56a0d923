import { InvariantError } from '@varco/core'
import type { FollowedPage } from '../reader.ts'
import type { LogReadStore, TreePlace } from '../store/log-read-store.ts'
import type { TreeId } from '../store/log-store.ts'
import { decodeEvent } from '../stored-event.ts'

const MAX_PAGE = 5_000

/**
 * Reads the log onwards. A position says for each tree which index comes next: a single point in time would not do, for
 * of two writers the one whose event is older may commit it later.
 */
export async function followLog(
  store: LogReadStore,
  position: string | null,
  limit: number,
): Promise<FollowedPage> {
  const reached = parsePosition(position)
  if (reached === null || !Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new InvariantError('the log cannot be followed from there')
  const places = (await store.heads()).flatMap(({ writer, epoch, size }): TreePlace[] => {
    const seq = reached.get(nameOf({ writer, epoch })) ?? 0
    return seq < size ? [{ writer, epoch, seq }] : []
  })
  if (places.length === 0) return { events: [], position: positionText(reached), more: false }
  const found = await store.eventsFrom(places, limit + 1)
  const page = found.slice(0, limit)
  for (const event of page) reached.set(nameOf(event), event.seq + 1)
  return {
    events: page.map(({ body }) => decodeEvent(body)),
    position: positionText(reached),
    more: found.length > limit,
  }
}

function nameOf({ writer, epoch }: TreeId): string {
  return `${writer}.${epoch}`
}

/** `writer.epoch.next` for each tree, in order of the names, with spaces between. */
function positionText(reached: ReadonlyMap<string, number>): string {
  return [...reached]
    .map(([tree, next]) => `${tree}.${next}`)
    .toSorted()
    .join(' ')
}

function parsePosition(text: string | null): Map<string, number> | null {
  const reached = new Map<string, number>()
  for (const tree of text === null || text === '' ? [] : text.split(' ')) {
    const match = /^([a-z0-9][a-z0-9-]{0,40}\.[1-9]\d{0,8})\.(0|[1-9]\d{0,14})$/.exec(tree)
    if (match === null) return null
    reached.set(match[1] ?? '', Number(match[2]))
  }
  return reached
}
