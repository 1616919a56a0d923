import { asId, type EventId, type Json } from '@varco/core'
import type { EventKind } from './event.ts'
import { EMPTY_ROOT, hashToBase64 } from './merkle/hash.ts'
import type { StoredChange, StoredEvent, StoredFilter } from './reader.ts'

/** The name of an event: `writer.epoch.seq`. */
export function eventId(writer: string, epoch: number, seq: number): EventId {
  return asId<EventId>(`${writer}.${epoch}.${seq}`)
}

/** Takes an event's name apart; `null` when it is not one. */
export function parseEventId(
  id: string,
): { readonly writer: string; readonly epoch: number; readonly seq: number } | null {
  const match = /^([a-z0-9][a-z0-9-]{0,40})\.([1-9]\d{0,8})\.(0|[1-9]\d{0,15})$/.exec(id)
  const [, writer = '', epoch = '', seq = ''] = match ?? []
  return match === null || !Number.isSafeInteger(Number(seq))
    ? null
    : { writer, epoch: Number(epoch), seq: Number(seq) }
}

/** An event's body as JSON says it: what is missing was `null` or empty. */
interface EventBody {
  readonly action?: string
  readonly at: string
  readonly changes?: readonly StoredChange[]
  readonly contract?: string
  readonly decision?: 'permit' | 'deny'
  readonly detail?: { readonly [key: string]: Json }
  readonly disclosed?: { readonly count: number; readonly root: string }
  readonly epoch: number
  readonly filters?: readonly StoredFilter[]
  readonly grant?: string
  readonly instructedBy?: string
  readonly kind: EventKind
  readonly masked?: readonly string[]
  readonly operator?: string
  readonly origin: string
  readonly plain?: readonly string[]
  readonly policyVersion?: string
  readonly previous?: string
  readonly processor?: string
  readonly purpose?: string
  readonly reasons?: readonly string[]
  readonly requestId: string
  readonly resource?: string
  readonly role?: string
  readonly rules?: readonly string[]
  readonly seq: string
  readonly ticket?: string
  readonly unit?: string
  readonly v: 1
  readonly workstation?: string
  readonly writer: string
}

const NOTHING_DISCLOSED = { count: 0, root: hashToBase64(EMPTY_ROOT) }

/** Reads an event's body back; the body must be one that a writer wrote. */
export function decodeEvent(body: string): StoredEvent {
  const read = JSON.parse(body) as EventBody
  return {
    id: eventId(read.writer, read.epoch, Number(read.seq)),
    v: read.v,
    origin: read.origin,
    writer: read.writer,
    epoch: read.epoch,
    seq: Number(read.seq),
    at: BigInt(read.at),
    kind: read.kind,
    requestId: read.requestId,
    operator: read.operator ?? null,
    processor: read.processor ?? null,
    contract: read.contract ?? null,
    role: read.role ?? null,
    unit: read.unit ?? null,
    workstation: read.workstation ?? null,
    instructedBy: read.instructedBy ?? null,
    purpose: read.purpose ?? null,
    ticket: read.ticket ?? null,
    grant: read.grant ?? null,
    action: read.action ?? null,
    resource: read.resource ?? null,
    filters: read.filters ?? [],
    ...(read.changes === undefined ? {} : { changes: read.changes }),
    plain: read.plain ?? [],
    masked: read.masked ?? [],
    disclosed: read.disclosed ?? NOTHING_DISCLOSED,
    decision: read.decision ?? null,
    reasons: read.reasons ?? [],
    rules: read.rules ?? [],
    policyVersion: read.policyVersion ?? null,
    detail: read.detail ?? null,
  }
}
