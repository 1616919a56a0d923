import { compareDecimals, canonicalDecimal } from '../condition/decimal.ts'
import { compareKeys, type Key, type TypeClass } from '../condition/field-value.ts'

/** What the variables are that the values are for. */
export interface Needs {
  readonly kind: TypeClass
  readonly constants: readonly Key[]
  /** How many variables are compared with the constants and with each other. */
  readonly count: number
  /** Compared by order too, not for equality alone. */
  readonly ordered: boolean
  /** Of numbers: whether some variable takes whole ones only, and whether some takes others too. */
  readonly whole: boolean
  readonly fractions: boolean
}

/**
 * Values that stand for all others: whatever can be true of any values is true of some among these. Each constant
 * is one; so are, in order, the first `count` values in each gap between them, as many as there are. Where nothing
 * is ordered, one gap will do.
 */
export function representatives(needs: Needs): readonly Key[] {
  if (needs.ordered || needs.kind === 'boolean') return inOrder(needs)
  if (needs.kind === 'text') return [...new Set(needs.constants), ...others(needs.constants, needs.count)]
  const all = inOrder({ ...needs, whole: true, fractions: false })
  const constants = new Set(needs.constants)
  return [...constants, ...all.filter((point) => !constants.has(point)).slice(-needs.count)]
}

/** Readable, for people see them in examples. */
function others(constants: readonly Key[], count: number): readonly Key[] {
  const taken = new Set(constants)
  const names = Array.from({ length: count + constants.length }, (_, index) => `other-${index + 1}`)
  return names.filter((name) => !taken.has(name)).slice(0, count)
}

function inOrder({ kind, constants, count, whole, fractions }: Needs): readonly Key[] {
  switch (kind) {
    case 'boolean':
      return [false, true]
    case 'text':
    case 'list':
      return inGaps(constants, count, (from) => texts(from, count))
    case 'number':
      return numbers(constants.map(String), count, whole, fractions)
    case 'date':
      return inGaps(constants, count, (from, lowest) =>
        days(from === null ? Number(lowest ?? 20_000) - count - 1 : Number(from), count),
      )
    case 'timestamp':
      return inGaps(constants, count, (from, lowest) =>
        micros(from === null ? BigInt(lowest ?? 0n) - BigInt(count) - 1n : BigInt(from), count),
      )
    case 'uuid':
      return inGaps(constants, count, (from) =>
        uuids(from === null ? -1n : BigInt(`0x${String(from).replaceAll('-', '')}`), count),
      )
    case 'range':
      // Nothing is asked of one but whether it is there.
      return ['empty']
    case 'opaque':
      return []
  }
}

/** `successors(null, lowest)` gives values below the lowest constant (any, when there is none), others those after it. */
function inGaps(
  constants: readonly Key[],
  count: number,
  successors: (from: Key | null, lowest: Key | null) => readonly Key[],
): readonly Key[] {
  const sorted = [...new Set(constants)].toSorted(compareKeys)
  const [lowest = null] = sorted
  const below = successors(null, lowest).filter((point) => lowest === null || compareKeys(point, lowest) < 0)
  const rest = sorted.flatMap((constant, index) => {
    const next = sorted[index + 1]
    return [
      constant,
      ...successors(constant, lowest).filter((point) => next === undefined || compareKeys(point, next) < 0),
    ]
  })
  return [...below.slice(0, count), ...rest]
}

/** A text's next is itself with the least character at its end; below all of them is the empty one. */
function texts(from: Key | null, count: number): readonly Key[] {
  const start = from === null ? '' : String(from)
  return Array.from(
    { length: count },
    (_, index) => start + '\u0001'.repeat(from === null ? index : index + 1),
  )
}

function days(from: number, count: number): readonly Key[] {
  return Number.isFinite(from) ? Array.from({ length: count }, (_, index) => from + index + 1) : []
}

function micros(from: bigint, count: number): readonly Key[] {
  return Array.from({ length: count }, (_, index) => from + BigInt(index + 1))
}

function uuids(from: bigint, count: number): readonly Key[] {
  return Array.from({ length: count }, (_, index) => from + BigInt(index + 1))
    .filter((value) => value < 1n << 128n)
    .map((value) =>
      value
        .toString(16)
        .padStart(32, '0')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    )
}

/** Numbers lie dense, but whole ones do not: both kinds of gap are filled, the whole numbers' first. */
function numbers(
  constants: readonly string[],
  count: number,
  whole: boolean,
  fractions: boolean,
): readonly Key[] {
  const finite = constants.filter((each) => canonicalDecimal(each) !== null)
  const sorted = [...new Set(finite.length === 0 ? ['0'] : finite)].toSorted(compareDecimals)
  const scale = Math.max(...sorted.map((each) => each.split('.')[1]?.length ?? 0))
  const unit = 10n ** BigInt(scale)
  const scaled = sorted.map((each) => toScaled(each, scale))
  const below = floor(scaled[0] ?? 0n, unit) - BigInt(count + 1) * unit
  const wholes = [below, ...scaled].flatMap((from) =>
    Array.from({ length: count + 1 }, (_, index) => floor(from, unit) + BigInt(index) * unit),
  )
  const marks = [...new Set([...scaled, ...(whole ? wholes : [below])])].toSorted((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  if (!fractions) return marks.map((mark) => fromScaled(mark * 10n, scale + 1))
  const digits = String(count).length + 1
  return marks.flatMap((mark) =>
    Array.from({ length: count + 1 }, (_, index) =>
      fromScaled(mark * 10n ** BigInt(digits) + BigInt(index), scale + digits),
    ),
  )
}

function floor(value: bigint, unit: bigint): bigint {
  const remainder = ((value % unit) + unit) % unit
  return value - remainder
}

function toScaled(decimal: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.')
  const value = BigInt(whole + fraction.padEnd(scale, '0'))
  return decimal.startsWith('-') ? -value : value
}

function fromScaled(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return canonicalDecimal(`${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`) ?? '0'
}
