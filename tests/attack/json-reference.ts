// What stands within JSON, once more: as PostgreSQL's jsonb has it, from values that JavaScript has parsed.

/** What stands at a path within JSON text, or within a list; `undefined` where nothing does. */
export function jsonWithin(held: unknown, path: readonly string[]): unknown {
  if (held === null || held === undefined) return undefined
  let value: unknown = typeof held === 'string' ? JSON.parse(held) : held
  for (const step of path) {
    const at = Number(step)
    if (Array.isArray(value)) value = Number.isInteger(at) ? (value as unknown[]).at(at) : undefined
    else value = isObject(value) ? new Map(Object.entries(value)).get(step) : undefined
  }
  return value
}

/** As jsonb is written: a text for itself, blanks after commas and colons, members by their names' length. */
export function jsonTextOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : written(value)
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${membersOf(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${written(inner)}`)
    .join(', ')}}`
}

/** The same for values that are equal, and for no others. */
export function jsonKey(value: unknown): string {
  return written(value)
}

/** @param isTop only there does a list hold what is one of its elements */
export function jsonHolds(a: unknown, b: unknown, isTop: boolean): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return b.every((wanted) => a.some((each) => jsonHolds(each, wanted, false)))
  if (Array.isArray(a)) return isTop && !isObject(b) && a.some((each) => jsonKey(each) === jsonKey(b))
  if (isObject(a) && isObject(b)) {
    const members = new Map(Object.entries(a))
    return Object.entries(b).every(
      ([name, wanted]) => members.has(name) && jsonHolds(members.get(name), wanted, false),
    )
  }
  return jsonKey(a) === jsonKey(b)
}

/** By what a value is ordered: its kind, its size, its text. */
export function jsonOrderKeys(value: unknown): readonly [bigint, bigint, string] {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return [
    BigInt(['null', 'string', 'number', 'boolean', 'array', 'object'].indexOf(kind)),
    typeof value === 'number' ? BigInt(Math.round(value * 1_000)) : 0n,
    jsonTextOf(value) ?? '',
  ]
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function membersOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
