import { eventId, parseEventId } from '../stored-event.ts'
import type { Cursor } from '../store/log-read-store.ts'

/** A page's end as text: `time~event`. */
export function cursorText({ at, writer, epoch, seq }: Cursor): string {
  return `${at}~${eventId(writer, epoch, seq)}`
}

/** `null` when the text is not a page's end. */
export function parseCursor(text: string): Cursor | null {
  const match = /^(\d{1,18})~(.+)$/.exec(text)
  const place = parseEventId(match?.[2] ?? '')
  return match === null || place === null ? null : { at: BigInt(match[1] ?? ''), ...place }
}

/** Newest first: times, then writer, epoch and index, all descending. */
export function newestFirst(a: Cursor, b: Cursor): number {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1
  if (a.writer !== b.writer) return a.writer > b.writer ? -1 : 1
  return b.epoch - a.epoch || b.seq - a.seq
}
