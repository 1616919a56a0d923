/*
 * Arrays of texts as PostgreSQL writes them, for the keys of millions of records. The driver's own ways of writing and reading one
 * take several hundred bytes an element. JSON would do for reading, but V8 keeps short texts of JSON once for all, among what it looks through
 * last: those of a whole plan would be there together.
 */

export function arrayText(values: readonly string[]): string {
  if (values.length === 0) return '{}'
  const inner = values.join('","')
  // Each of the quotes is a separator's, and nothing is to be escaped.
  const isPlain = !inner.includes('\\') && quotesIn(inner) === 2 * (values.length - 1)
  return `{"${isPlain ? inner : values.map((value) => value.replaceAll(/["\\]/g, '\\$&')).join('","')}"}`
}

/** Of an array without nulls. */
export function textsIn(text: string): string[] {
  if (text === '{}') return []
  // What is not quoted stands as it is.
  if (!text.includes('"')) return text.slice(1, -1).split(',')
  const elements = text.matchAll(/"((?:[^"\\]|\\.)*)"|[^,{}]+/gs)
  return Array.from(elements, ([whole, quoted]) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? whole)
}

function quotesIn(text: string): number {
  let quotes = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1
  return quotes
}
