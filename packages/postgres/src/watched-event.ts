import type { TreePosition } from '@varco/oversight'
import { EMPTY_HASH, stepHash } from './known-texts.ts'
import { COLUMN, NONE, type PlacelessEvent, type StepPacker } from './packed-steps.ts'

/** What the watch reads of an event's canonical JSON; what is missing was `null` or empty. */
interface Body {
  readonly kind: string
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
  readonly detail?: { readonly field?: unknown } | null
}

/**
 * Packs the body of an event that stands between two places into a row of the packer's; an act's row says that there is none.
 * @param subjects the number of whom it showed
 */
export type PackEvent = (bytes: Buffer, start: number, end: number, row: number, subjects: number) => void

const EMPTY: readonly string[] = []
/** Base64 of a SHA-256. */
const HASH_CHARS = 44

/** By parsing the whole body: half of it is parts of an event that the watch does not look at. `null` for an act. */
export function parsedEvent(body: string): PlacelessEvent | null {
  const read = JSON.parse(body) as Body
  if (read.kind !== 'access') return null
  return {
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
    reasons: read.reasons ?? EMPTY,
    rules: read.rules ?? EMPTY,
    fields: read.masked === undefined ? (read.plain ?? EMPTY) : [...(read.plain ?? EMPTY), ...read.masked],
    refusedField: read.decision === 'deny' ? refusedField(read) : null,
  }
}

/** As it stands there; in an entry of before it did, where one field alone was compared. */
function refusedField({ detail, filters }: Body): string | null {
  if (typeof detail?.field === 'string') return detail.field
  const [only, ...others] = new Set(filters?.map(({ field }) => field))
  return only === undefined || others.length > 0 ? null : only
}

/** Packs the events of one tree, the plain ones by stepping over them and the others by parsing. */
export function packEvents(tree: Pick<TreePosition, 'writer' | 'epoch'>, packer: StepPacker): PackEvent {
  const quick = quickEvents(tree, packer)
  return (bytes, start, end, row, subjects) => {
    if (quick(bytes, start, end, row, subjects)) return
    const event = parsedEvent(bytes.toString('utf8', start, end))
    if (event === null) packer.withoutEvent(row)
    else packer.put(row, event, subjects)
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = 0x5b
const CLOSING = 0x5d
const ZERO = 0x30
/** As `StepPacker` numbers decisions. */
const [PERMIT, DENY] = [0, 1]

/** Members of an access in their canonical order, each as it begins. */
const MEMBER = {
  action: Buffer.from('{"action":"'),
  at: Buffer.from(',"at":"'),
  contract: Buffer.from(',"contract":"'),
  decision: Buffer.from(',"decision":"'),
  permit: Buffer.from('permit"'),
  deny: Buffer.from('deny"'),
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
 * up: `false`, and what it put down is to be written over. Names, numbers of tickets and lists come again and again: each is
 * decoded once.
 */
export function quickEvents(
  { writer, epoch }: Pick<TreePosition, 'writer' | 'epoch'>,
  packer: StepPacker,
): (...event: Parameters<PackEvent>) => boolean {
  const opening = Buffer.from(`,"epoch":${epoch}`)
  const ending = Buffer.from(`,"writer":${JSON.stringify(writer)}}`)
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let last = 0
  /** Something stood there that it does not know; what is read after it does not count. */
  let lost = false

  // What is shared with the others is taken once and put back once: each byte would fetch it anew.
  const skip = (start: Buffer): boolean => {
    const [from, begin, length] = [bytes, at, start.length]
    if (begin + length > last) return false
    for (let i = 0; i < length; i++) if (from[begin + i] !== start[i]) return false
    at = begin + length
    return true
  }
  const skipText = (start: Buffer): boolean => {
    if (!skip(start)) return false
    const [from, end] = [bytes, last]
    for (let i = at; i < end; i++) {
      const byte = from[i]
      if (byte === QUOTE) {
        at = i + 1
        return true
      }
      if (byte === BACKSLASH) break
    }
    lost = true
    return true
  }
  const name = (start: Buffer): number => {
    if (!skip(start)) return NONE
    const [from, begin, end] = [bytes, at, last]
    let hash = EMPTY_HASH
    for (let i = begin; i < end; i++) {
      const byte = from[i] ?? 0
      if (byte === QUOTE) {
        at = i + 1
        return packer.textAt(from, begin, i, hash)
      }
      if (byte === BACKSLASH) break
      hash = stepHash(hash, byte)
    }
    lost = true
    return NONE
  }
  const list = (start: Buffer): number => {
    if (!skip(start)) return NONE
    const [from, begin, end] = [bytes, at, last]
    let hash = EMPTY_HASH
    let within = false
    if (from[begin] === OPENING) {
      hash = stepHash(hash, OPENING)
      for (let i = begin + 1; i < end; i++) {
        const byte = from[i] ?? 0
        if (byte === BACKSLASH) break
        hash = stepHash(hash, byte)
        if (byte === QUOTE) within = !within
        else if (!within && byte === CLOSING) {
          at = i + 1
          return packer.listAt(from, begin, at, hash)
        } else if (!within && byte !== COMMA) break
      }
    }
    lost = true
    return NONE
  }
  const number = (start: Buffer): number | null => {
    if (!skip(start)) return null
    const [from, begin, end] = [bytes, at, last]
    let value = 0
    let i = begin
    for (; i < end && from[i] !== QUOTE; i++) {
      const digit = (from[i] ?? 0) - ZERO
      if (digit < 0 || digit > 9) lost = true
      value = value * 10 + digit
    }
    if (i === begin || i === end) lost = true
    at = i + 1
    return value
  }
  const decision = (): number => {
    if (!skip(MEMBER.decision)) return NONE
    if (skip(MEMBER.permit)) return PERMIT
    if (!skip(MEMBER.deny)) lost = true
    return DENY
  }
  /** Which field was compared, where it was one alone, and refused: few events have any. */
  const filters = (decided: number | undefined): number => {
    if (!skip(MEMBER.filters)) return NONE
    const fields = new Set<string>()
    do {
      const begin = at + MEMBER.commitment.length
      const hasCommitment = skipText(MEMBER.commitment) && at - 1 - begin === HASH_CHARS
      const fieldAt = at + MEMBER.field.length
      if (!hasCommitment || !skipText(MEMBER.field)) {
        lost = true
        return NONE
      }
      fields.add(bytes.toString('utf8', fieldAt, at - 1))
      if (!skipText(MEMBER.op) || !skip(MEMBER.end)) {
        lost = true
        return NONE
      }
    } while (skip(MEMBER.comma))
    if (!skip(MEMBER.listEnd)) lost = true
    const [only, ...others] = fields
    return decided !== DENY || only === undefined || others.length > 0 ? NONE : packer.textNumber(only)
  }

  return (from, start, end, row, subjects) => {
    bytes = from
    at = start
    last = end
    lost = false
    const { numbers } = packer
    numbers[row + COLUMN.action] = name(MEMBER.action)
    const time = number(MEMBER.at)
    numbers[row + COLUMN.contract] = name(MEMBER.contract)
    numbers[row + COLUMN.decision] = decision()
    if (skip(MEMBER.disclosed)) {
      while (at < last && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= ZERO + 9) at++
      skipText(MEMBER.root)
      skip(MEMBER.end)
    }
    if (!skip(opening)) return false
    numbers[row + COLUMN.refusedField] = filters(numbers[row + COLUMN.decision])
    numbers[row + COLUMN.grant] = name(MEMBER.grant)
    skipText(MEMBER.instructedBy)
    if (!skip(MEMBER.kind)) return false
    const masked = list(MEMBER.masked)
    numbers[row + COLUMN.operator] = name(MEMBER.operator)
    skipText(MEMBER.origin)
    const plain = list(MEMBER.plain)
    skipText(MEMBER.policyVersion)
    skipText(MEMBER.previous)
    skipText(MEMBER.processor)
    numbers[row + COLUMN.purpose] = name(MEMBER.purpose)
    numbers[row + COLUMN.reasons] = list(MEMBER.reasons)
    skipText(MEMBER.requestId)
    numbers[row + COLUMN.resource] = name(MEMBER.resource)
    numbers[row + COLUMN.role] = name(MEMBER.role)
    numbers[row + COLUMN.rules] = list(MEMBER.rules)
    const seq = number(MEMBER.seq)
    numbers[row + COLUMN.ticket] = name(MEMBER.ticket)
    numbers[row + COLUMN.unit] = name(MEMBER.unit)
    if (!skip(MEMBER.version)) return false
    numbers[row + COLUMN.workstation] = name(MEMBER.workstation)
    if (!skip(ending) || at !== last || lost || seq === null || time === null) return false
    packer.eventAt(time)
    numbers[row + COLUMN.fields] = packer.joined(plain, masked)
    numbers[row + COLUMN.subjects] = subjects
    return true
  }
}
