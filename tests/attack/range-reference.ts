// Ranges without bounds: which points of a grid they hold. Finer than any bound of the queries and records, and wider.

/** Fields of the random records that are ranges, and how far their points lie apart. */
export const RANGE_FIELDS = { rooms: 'int4range', heat: 'numrange' } as const
const STEPS: Readonly<Record<string, number>> = { int4range: 1, numrange: 0.25 }
const EDGE = 40

type Points = readonly number[]

const known = new Map<string, Points | null>()

/** `null`: not a range of the type. */
export function pointsOf(type: string, text: string): Points | null {
  const name = `${type} ${text}`
  const found = known.get(name)
  if (found !== undefined) return found
  const points = readPoints(type, text)
  known.set(name, points)
  return points
}

function readPoints(type: string, text: string): Points | null {
  const step = STEPS[type]
  if (step === undefined) return null
  if (text.trim().toLowerCase() === 'empty') return []
  const match = /^\s*([[(])([-\d. ]*),([-\d. ]*)([\])])\s*$/.exec(text)
  if (match === null) return null
  const [, opens, from = '', to = '', closes] = match
  const [lower, upper] = [boundOf(from, step), boundOf(to, step)]
  if (lower === null || upper === null) return null
  const [least, most] = [lower ?? -Infinity, upper ?? Infinity]
  if (least > most) return null
  // To its last number a type's range would end before the next one, of which there is none.
  if (step === 1 && closes === ']' && upper === 2_147_483_647) return null
  const points = Array.from({ length: (2 * EDGE) / step + 1 }, (_, at) => at * step - EDGE)
  return points.filter(
    (point) =>
      (opens === '[' ? point >= least : point > least) && (closes === ']' ? point <= most : point < most),
  )
}

/** `undefined`: without end. `null`: no number of the type. */
function boundOf(text: string, step: number): number | undefined | null {
  if (text === '') return undefined
  const bound = Number(text)
  return text.trim() === '' || Number.isNaN(bound) || (step === 1 && !Number.isInteger(bound)) ? null : bound
}

/** Empty ones first, then by the first point, then by the last. */
export function rangeOrderKeys(points: Points): readonly bigint[] {
  const [first = -Infinity, last = -Infinity] = [points[0], points.at(-1)]
  return [first, last].map((point) => (point === -Infinity ? -1_000_000n : BigInt(point * 4)))
}

/** What an operator that is about ranges alone says of two. */
export function truthOfRanges(op: string, type: string, a: Points, b: Points): boolean {
  if (op === 'cs') return b.every((point) => a.includes(point))
  if (op === 'cd') return a.every((point) => b.includes(point))
  const [firstA, lastA, firstB, lastB] = [a[0], a.at(-1), b[0], b.at(-1)]
  if (firstA === undefined || lastA === undefined || firstB === undefined || lastB === undefined) return false
  const step = STEPS[type] ?? 1
  switch (op) {
    case 'ov':
      return a.some((point) => b.includes(point))
    case 'sl':
      return lastA < firstB
    case 'sr':
      return firstA > lastB
    case 'nxr':
      return lastA <= lastB
    case 'nxl':
      return firstA >= firstB
    default:
      return lastA + step === firstB || lastB + step === firstA
  }
}
