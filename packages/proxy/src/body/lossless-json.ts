/** A number with the very digits it was written with: JavaScript's own would round it. */
export class JsonNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

export type LosslessJson =
  | null
  | boolean
  | string
  | JsonNumber
  | readonly LosslessJson[]
  | { readonly [key: string]: LosslessJson }

/** Reads JSON whose numbers keep their digits; `undefined` for what is not JSON. Of a name given twice the last holds. */
export function parseLossless(text: string): LosslessJson | undefined {
  try {
    return JSON.parse(text, keepDigits) as LosslessJson
  } catch {
    return undefined
  }
}

/** ECMAScript's JSON.parse source text access: the third argument holds a primitive's own text. */
const keepDigits = ((_key: string, value: unknown, context: { readonly source: string }): unknown =>
  typeof value === 'number' ? new JsonNumber(context.source) : value) as unknown as (
  key: string,
  value: unknown,
) => unknown

export function stringifyLossless(value: LosslessJson): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof JsonNumber) return value.source
  if (isList(value)) return `[${value.map(stringifyLossless).join(',')}]`
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${stringifyLossless(item)}`,
  )
  return `{${members.join(',')}}`
}

/** The members of an object; `null` for anything else. */
export function membersOf(value: LosslessJson | undefined): ReadonlyMap<string, LosslessJson> | null {
  if (value === undefined || value === null || typeof value !== 'object') return null
  if (value instanceof JsonNumber || isList(value)) return null
  return new Map(Object.entries(value))
}

export function isList(value: LosslessJson | undefined): value is readonly LosslessJson[] {
  return Array.isArray(value)
}
