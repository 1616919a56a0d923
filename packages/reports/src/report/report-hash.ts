import { createHash, hash } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'

/** SHA-256 in hexadecimal of a report's canonical JSON. */
export function reportHash(json: string): string {
  return hash('sha256', json, 'hex')
}

/** What the log's entry about a report does not vouch for: how it was made. */
const NOT_COVERED = new Set(['made', 'checkpoints'])

/**
 * Of a report read back: SHA-256 of its canonical JSON (RFC 8785), and of the part the log vouches for. Member by member, and
 * lists item by item: the text of a long report is never whole in memory.
 */
export function hashesOf(report: { readonly [key: string]: Json }): {
  readonly file: string
  readonly content: string
} {
  const file = createHash('sha256').update('{')
  const content = createHash('sha256').update('{')
  let inFile = ''
  let inContent = ''
  for (const key of Object.keys(report).sort()) {
    const covered = !NOT_COVERED.has(key)
    const name = `${canonicalJson(key)}:`
    file.update(inFile + name)
    if (covered) content.update(inContent + name)
    for (const piece of pieces(report[key] ?? null)) {
      file.update(piece)
      if (covered) content.update(piece)
    }
    inFile = ','
    if (covered) inContent = ','
  }
  return { file: file.update('}').digest('hex'), content: content.update('}').digest('hex') }
}

function* pieces(value: Json): Generator<string> {
  if (!Array.isArray(value)) {
    yield canonicalJson(value)
    return
  }
  let before = '['
  for (const item of value as readonly Json[]) {
    yield before + canonicalJson(item)
    before = ','
  }
  yield value.length === 0 ? '[]' : ']'
}
