import type { RecordMapping, Resource } from '@varco/policy'
import type { FetchedRecord } from '@varco/policy'
import { RecordScanner, type Piece } from './record-scanner.ts'
import { toRecord } from './to-record.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamAnswer } from './upstream-pools.ts'

/** A part of an answer, with its records read and not yet decided. */
export interface Batch {
  readonly parts: readonly BatchPart[]
  readonly isLast: boolean
}

export type BatchPart =
  | Exclude<Piece, { kind: 'record' }>
  | {
      readonly kind: 'record'
      readonly pointer: number
      readonly record: FetchedRecord
      /** Its JSON text as the upstream has it, with what nobody may see. */
      readonly source: string
      /** One of a list, or alone in its place. */
      readonly listed: boolean
    }

const RECORDS_AT_ONCE = 200
const CHARS_AT_ONCE = 262_144

/**
 * The answer in parts that are small enough to be decided and recorded at once. No more of it is read than one part, the
 * record after it and what a chunk brings.
 * @throws UpstreamError, UnavailableError when it cannot be read to its end: what came before is no whole answer
 */
export async function* answerBatches(
  answer: UpstreamAnswer,
  answers: readonly { readonly mapping: RecordMapping; readonly resource: Resource }[],
): AsyncGenerator<Batch> {
  if (!/^application\/(?:json|[a-z0-9.-]+\+json)$/.test(answer.contentType))
    throw new UpstreamError('content-type')
  const scanner = new RecordScanner(answers.map(({ mapping }) => mapping.at))
  let parts: BatchPart[] = []
  let records = 0
  let chars = 0
  for await (const text of texts(answer.body)) {
    for (const piece of scanner.push(text)) {
      if (piece.kind !== 'record') {
        parts.push(piece)
        continue
      }
      const target = answers[piece.pointer]
      if (target === undefined) throw new UpstreamError('malformed')
      // A full part waits for the next record: should none come, it is the last one.
      if (records >= RECORDS_AT_ONCE || chars >= CHARS_AT_ONCE) {
        yield { parts, isLast: false }
        parts = []
        records = 0
        chars = 0
      }
      const { pointer, listed } = piece
      parts.push({
        kind: 'record',
        pointer,
        listed,
        source: piece.text,
        record: toRecord(piece.text, target.mapping, target.resource),
      })
      records++
      chars += piece.text.length
    }
  }
  scanner.end()
  yield { parts, isLast: true }
}

/** What is not UTF-8 is refused, not replaced. */
async function* texts(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw new UpstreamError('malformed')
    }
  }
  for await (const chunk of body) yield decode(chunk)
  yield decode()
}
