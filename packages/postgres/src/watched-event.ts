import type { SubjectLookup } from '@varco/access-log'
import type { TreePosition, WatchedEvent } from '@varco/oversight'
import { EMPTY_HASH, KnownTexts, stepHash } from './known-texts.ts'

/** What the watch reads of an event's canonical JSON; what is missing was `null` or empty. */
interface Body {
  readonly kind: string
  readonly writer: string
  readonly epoch: number
  readonly seq: string
  readonly at: string
  readonly operator?: string
  readonly contract?: string
  readonly role?: string
  readonly unit?: string
  readonly workstation?: string
  readonly purpose?: string
  readonly ticket?: string
  readonly grant?: string
  readonly action?: string
  readonly resource?: string
  readonly decision?: 'permit' | 'deny'
  readonly reasons?: readonly string[]
  readonly rules?: readonly string[]
  readonly plain?: readonly string[]
  readonly masked?: readonly string[]
  readonly filters?: readonly { readonly field: string }[]
}

/** The body of an event that stands between two places, as the watch sees it; `null` for an act. */
export type ReadWatched = (
  bytes: Buffer,
  start: number,
  end: number,
  subjects: readonly SubjectLookup[],
) => WatchedEvent | null

const NONE: readonly string[] = []
/** Texts that are kept once: names, codes, and lists of fields. Beyond so many they are forgotten and begun anew. */
const MAX_KEPT = 50_000
/** Base64 of a SHA-256. */
const HASH_CHARS = 44

/** By parsing the whole body: half of it is parts of an event that the watch does not look at. */
export function parsedEvent(body: string, subjects: readonly SubjectLookup[]): WatchedEvent | null {
  const read = JSON.parse(body) as Body
  if (read.kind !== 'access') return null
  return {
    id: `${read.writer}.${read.epoch}.${read.seq}`,
    at: Number(read.at),
    operator: read.operator ?? null,
    contract: read.contract ?? null,
    role: read.role ?? null,
    unit: read.unit ?? null,
    workstation: read.workstation ?? null,
    purpose: read.purpose ?? null,
    ticket: read.ticket ?? null,
    grant: read.grant ?? null,
    action: read.action ?? null,
    resource: read.resource ?? null,
    decision: read.decision ?? null,
    reasons: read.reasons ?? NONE,
    rules: read.rules ?? NONE,
    fields: read.masked === undefined ? (read.plain ?? NONE) : [...(read.plain ?? NONE), ...read.masked],
    filters: read.filters?.map(({ field }) => field) ?? NONE,
    subjects,
  }
}

/** Reads the events of one tree, the plain ones by stepping over them and the others by parsing. */
export function watchedEvents(tree: Pick<TreePosition, 'writer' | 'epoch'>): ReadWatched {
  const quick = quickEvents(tree)
  return (bytes, start, end, subjects) =>
    quick(bytes, start, end, subjects) ?? parsedEvent(bytes.toString('utf8', start, end), subjects)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = 0x5b
const CLOSING = 0x5d
const ZERO = 0x30

/** Members of an access in their canonical order, each as it begins. */
const MEMBER = {
  action: Buffer.from('{"action":"'),
  at: Buffer.from(',"at":"'),
  contract: Buffer.from(',"contract":"'),
  decision: Buffer.from(',"decision":"'),
  disclosed: Buffer.from(',"disclosed":{"count":'),
  root: Buffer.from(',"root":"'),
  end: Buffer.from('}'),
  filters: Buffer.from(',"filters":['),
  commitment: Buffer.from('{"commitment":"'),
  field: Buffer.from(',"field":"'),
  op: Buffer.from(',"op":"'),
  comma: Buffer.from(','),
  listEnd: Buffer.from(']'),
  grant: Buffer.from(',"grant":"'),
  instructedBy: Buffer.from(',"instructedBy":"'),
  kind: Buffer.from(',"kind":"access"'),
  masked: Buffer.from(',"masked":'),
  operator: Buffer.from(',"operator":"'),
  origin: Buffer.from(',"origin":"'),
  plain: Buffer.from(',"plain":'),
  policyVersion: Buffer.from(',"policyVersion":"'),
  previous: Buffer.from(',"previous":"'),
  processor: Buffer.from(',"processor":"'),
  purpose: Buffer.from(',"purpose":"'),
  reasons: Buffer.from(',"reasons":'),
  requestId: Buffer.from(',"requestId":"'),
  resource: Buffer.from(',"resource":"'),
  role: Buffer.from(',"role":"'),
  rules: Buffer.from(',"rules":'),
  seq: Buffer.from(',"seq":"'),
  ticket: Buffer.from(',"ticket":"'),
  unit: Buffer.from(',"unit":"'),
  version: Buffer.from(',"v":1'),
  workstation: Buffer.from(',"workstation":"'),
} as const

/**
 * Steps over an access's members in their canonical order, byte by byte. A text without escapes ends at its next quote. At
 * the first escape, and at anything else that is not just as the writer writes a reading access in this tree, it gives
 * up: `null`. Names, numbers of tickets and lists come again and again: each is made once.
 */
export function quickEvents({ writer, epoch }: Pick<TreePosition, 'writer' | 'epoch'>): ReadWatched {
  const names = new KnownTexts((from, begin, to) => from.toString('utf8', begin, to), MAX_KEPT)
  const lists = new KnownTexts(
    (from, begin, to) => JSON.parse(from.toString('utf8', begin, to)) as readonly string[],
    MAX_KEPT,
  )
  const place = `${writer}.${epoch}.`
  const opening = Buffer.from(`,"epoch":${epoch}`)
  const ending = Buffer.from(`,"writer":${JSON.stringify(writer)}}`)
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let last = 0
  /** Something stood there that it does not know; what is read after it does not count. */
  let lost = false

  const skip = (start: Buffer): boolean => {
    if (at + start.length > last) return false
    for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false
    at += start.length
    return true
  }
  /** Past the text's closing quote. */
  const pass = (): void => {
    for (; at < last; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        at++
        return
      }
      if (byte === BACKSLASH) break
    }
    lost = true
  }
  const skipText = (start: Buffer): boolean => {
    if (!skip(start)) return false
    pass()
    return true
  }
  const name = (start: Buffer): string | null => {
    if (!skip(start)) return null
    const begin = at
    let hash = EMPTY_HASH
    for (; at < last; at++) {
      const byte = bytes[at] ?? 0
      if (byte === QUOTE) {
        at++
        return names.of(bytes, begin, at - 1, hash)
      }
      if (byte === BACKSLASH) break
      hash = stepHash(hash, byte)
    }
    lost = true
    return null
  }
  const list = (start: Buffer): readonly string[] => {
    if (!skip(start)) return NONE
    const begin = at
    let hash = EMPTY_HASH
    let within = false
    if (bytes[at] === OPENING)
      for (at++; at < last; at++) {
        const byte = bytes[at] ?? 0
        if (byte === BACKSLASH) break
        hash = stepHash(hash, byte)
        if (byte === QUOTE) within = !within
        else if (!within && byte === CLOSING) {
          at++
          return lists.of(bytes, begin, at, hash)
        } else if (!within && byte !== COMMA) break
      }
    lost = true
    return NONE
  }
  const number = (start: Buffer): number | null => {
    if (!skip(start)) return null
    const begin = at
    let value = 0
    for (; at < last && bytes[at] !== QUOTE; at++) {
      const digit = (bytes[at] ?? 0) - ZERO
      if (digit < 0 || digit > 9) lost = true
      value = value * 10 + digit
    }
    if (at === begin || at === last) lost = true
    at++
    return value
  }
  const filters = (): readonly string[] => {
    if (!skip(MEMBER.filters)) return NONE
    const fields: string[] = []
    do {
      const begin = at + MEMBER.commitment.length
      const hasCommitment = skipText(MEMBER.commitment) && at - 1 - begin === HASH_CHARS
      const field = name(MEMBER.field)
      if (!hasCommitment || field === null || !skipText(MEMBER.op) || !skip(MEMBER.end)) {
        lost = true
        break
      }
      fields.push(field)
    } while (skip(MEMBER.comma))
    if (!skip(MEMBER.listEnd)) lost = true
    return fields
  }

  return (from, start, end, subjects) => {
    bytes = from
    at = start
    last = end
    lost = false
    const action = name(MEMBER.action)
    const time = number(MEMBER.at)
    const contract = name(MEMBER.contract)
    const decision = name(MEMBER.decision)
    if (skip(MEMBER.disclosed)) {
      while (at < last && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= ZERO + 9) at++
      skipText(MEMBER.root)
      skip(MEMBER.end)
    }
    if (!skip(opening)) return null
    const compared = filters()
    const grant = name(MEMBER.grant)
    skipText(MEMBER.instructedBy)
    if (!skip(MEMBER.kind)) return null
    const masked = list(MEMBER.masked)
    const operator = name(MEMBER.operator)
    skipText(MEMBER.origin)
    const plain = list(MEMBER.plain)
    skipText(MEMBER.policyVersion)
    skipText(MEMBER.previous)
    skipText(MEMBER.processor)
    const purpose = name(MEMBER.purpose)
    const reasons = list(MEMBER.reasons)
    skipText(MEMBER.requestId)
    const resource = name(MEMBER.resource)
    const role = name(MEMBER.role)
    const rules = list(MEMBER.rules)
    const seq = number(MEMBER.seq)
    const ticket = name(MEMBER.ticket)
    const unit = name(MEMBER.unit)
    if (!skip(MEMBER.version)) return null
    const workstation = name(MEMBER.workstation)
    if (!skip(ending) || at !== last || lost || seq === null || time === null) return null
    if (decision !== null && decision !== 'permit' && decision !== 'deny') return null
    return {
      ...{ id: place + seq, at: time, operator, contract, role, unit, workstation, purpose },
      ...{ ticket, grant, action, resource, decision, reasons, rules },
      fields: masked === NONE ? plain : both(plain, masked),
      filters: compared,
      subjects,
    }
  }
}

/** The two lists as one, made once for each pair: the lists themselves are kept. */
function both(plain: readonly string[], masked: readonly string[]): readonly string[] {
  let pairs = joined.get(masked)
  if (pairs === undefined) joined.set(masked, (pairs = new WeakMap()))
  let found = pairs.get(plain)
  if (found === undefined) pairs.set(plain, (found = [...plain, ...masked]))
  return found
}

const joined = new WeakMap<readonly string[], WeakMap<readonly string[], readonly string[]>>()
