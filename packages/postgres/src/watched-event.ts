import type { SubjectLookup } from '@varco/access-log'
import type { TreePosition, WatchedEvent } from '@varco/oversight'

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

/** An event's body as the watch sees it; `null` for an act. */
export type ReadWatched = (body: string, subjects: readonly SubjectLookup[]) => WatchedEvent | null

const NONE: readonly string[] = []
/** Texts that are kept once: names, codes, and lists of fields. Beyond so many they are forgotten and begun anew. */
const MAX_KEPT = 20_000
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
  return (body, subjects) => quick(body, subjects) ?? parsedEvent(body, subjects)
}

/**
 * Steps over an access's members in their canonical order, at about two thirds of what parsing costs. A text without escapes ends at
 * its next quote. At the first escape, and at anything else that is not just as the writer writes a reading access in
 * this tree, it gives up: `null`. Names and lists come again and again: each is kept once.
 */
export function quickEvents({ writer, epoch }: Pick<TreePosition, 'writer' | 'epoch'>): ReadWatched {
  const names = new Map<string, string>()
  const lists = new Map<string, readonly string[]>()
  const place = `${writer}.${epoch}.`
  const opening = `,"epoch":${epoch}`
  const ending = `,"writer":${JSON.stringify(writer)}}`
  let body = ''
  let at = 0

  const skip = (start: string): boolean => {
    if (!body.startsWith(start, at)) return false
    at += start.length
    return true
  }
  const text = (start: string): string | null => {
    if (!skip(start)) return null
    const end = body.indexOf('"', at)
    const found = body.slice(at, end)
    at = end + 1
    return found
  }
  const name = (start: string): string | null => {
    const found = text(start)
    return found === null ? null : kept(names, found, String)
  }
  const list = (start: string): readonly string[] => {
    if (!body.startsWith(start, at)) return NONE
    const end = body.indexOf('"]', at + start.length)
    const found = body.slice(at + start.length - 1, end + 1)
    at = end + 2
    try {
      return kept(lists, found, (items) => JSON.parse(`[${items}]`) as string[])
    } catch {
      // A text that begins like the end of the list: no member is found any more.
      at = -1
      return NONE
    }
  }
  const filters = (): readonly string[] => {
    if (!skip(',"filters":[')) return NONE
    const fields: string[] = []
    do {
      const hash = text('{"commitment":"')
      const field = name(',"field":"')
      if (hash?.length !== HASH_CHARS || field === null || text(',"op":"') === null || !skip('}')) break
      fields.push(field)
    } while (skip(','))
    // Where something else stood, the next member is not found.
    skip(']')
    return fields
  }

  return (next, subjects) => {
    if (next.includes('\\') || !next.endsWith(ending)) return null
    body = next
    at = 0
    const action = name('{"action":"')
    const time = text(',"at":"')
    const contract = name(',"contract":"')
    const decision = name(',"decision":"')
    if (skip(',"disclosed":{"count":')) {
      at = body.indexOf(',"root":"', at)
      text(',"root":"')
      skip('}')
    }
    if (!skip(opening)) return null
    const compared = filters()
    const grant = text(',"grant":"')
    text(',"instructedBy":"')
    if (!skip(',"kind":"access"')) return null
    const masked = list(',"masked":["')
    const operator = name(',"operator":"')
    text(',"origin":"')
    const plain = list(',"plain":["')
    text(',"policyVersion":"')
    text(',"previous":"')
    text(',"processor":"')
    const purpose = name(',"purpose":"')
    const reasons = list(',"reasons":["')
    text(',"requestId":"')
    const resource = name(',"resource":"')
    const role = name(',"role":"')
    const rules = list(',"rules":["')
    const seq = text(',"seq":"')
    const ticket = text(',"ticket":"')
    const unit = name(',"unit":"')
    if (!skip(',"v":1')) return null
    const workstation = name(',"workstation":"')
    if (!skip(ending) || at !== body.length || seq === null || time === null) return null
    if (decision !== null && decision !== 'permit' && decision !== 'deny') return null
    return {
      ...{ id: place + seq, at: Number(time), operator, contract, role, unit, workstation, purpose },
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

function kept<T>(known: Map<string, T>, text: string, make: (text: string) => T): T {
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size >= MAX_KEPT) known.clear()
  const made = make(text)
  known.set(text, made)
  return made
}
