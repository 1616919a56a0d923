import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { membersOf, parseLossless, type LosslessJson } from './lossless-json.ts'

/** What is sent to be read: its kind, its length if it was said, and its bytes. */
export interface SentBody {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly stream: ReadableStream<Uint8Array> | null
}

/** A change of a few fields is short. */
const MAX_BODY_BYTES = 64 * 1024

const JSON_TYPE = /^application\/(?:json|[a-z0-9.+-]+\+json)\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/** The members of the one JSON object that a request's body must be. What is not UTF-8 is refused, not replaced. */
export async function readObject(body: SentBody): Promise<ReadonlyMap<string, LosslessJson> | Refusal> {
  const { contentType, contentEncoding = 'identity' } = body
  if (contentType === undefined || !JSON_TYPE.test(contentType) || contentEncoding !== 'identity') {
    return refusal('not-json')
  }
  const text = await readText(body.stream)
  if (text === 'too-large') return refusal('body-too-large')
  const members = text === 'not-utf8' ? null : membersOf(parseLossless(text.text))
  return members ?? refusal('invalid-query', { hint: OBJECT })
}

async function readText(
  stream: ReadableStream<Uint8Array> | null,
): Promise<{ readonly text: string } | 'too-large' | 'not-utf8'> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream ?? []) {
    length += chunk.length
    if (length > MAX_BODY_BYTES) return 'too-large'
    chunks.push(chunk)
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)) }
  } catch {
    return 'not-utf8'
  }
}

const OBJECT = {
  it: 'Atteso: un oggetto JSON con i campi da modificare, in UTF-8.',
  en: 'Expected: one JSON object with the fields to change, in UTF-8.',
}
