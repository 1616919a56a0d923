/** A value that an upstream told of a record, as a key is written. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
