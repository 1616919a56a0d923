import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { UnavailableError } from '@varco/core'
import { UpstreamError } from './upstream-error.ts'

/** What an upstream may compress its answers with; the first is liked best. */
export const ENCODINGS = ['br', 'gzip'] as const
export type Encoding = (typeof ENCODINGS)[number] | 'identity'

/** `null`: one that nobody asked for, or several, one within the other. */
export function encodingOf(header: string | readonly string[] | undefined): Encoding | null {
  if (header === undefined) return 'identity'
  const name = typeof header === 'string' ? header.trim().toLowerCase() : ''
  return name === 'identity' ? name : (ENCODINGS.find((each) => each === name) ?? null)
}

/**
 * A body as it was before it was compressed, piece by piece: of a few bytes that stand for gigabytes no more is ever held than
 * a piece, and of gigabytes that stand for nothing no more is read than of others.
 * @param most bytes, as they come and as they were
 * @throws UpstreamError beyond that, and for what is not so compressed; UnavailableError when the upstream stops
 */
export async function* decodedBody(
  body: Readable,
  encoding: Encoding,
  most: number,
): AsyncGenerator<Uint8Array> {
  let isCut = false
  body.once('error', () => {
    isCut = true
  })
  try {
    yield* bounded(decoded(body, encoding, most), most)
  } catch (cause) {
    if (cause instanceof UpstreamError) throw cause
    if (encoding !== 'identity' && !isCut) throw new UpstreamError('encoding')
    throw new UnavailableError('upstream', { cause })
  }
}

async function* bounded(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const piece of pieces) {
    length += piece.length
    if (length > most) throw new UpstreamError('too-large')
    yield piece
  }
}

/** Whichever of the two ends early takes the other with it. */
function decoded(body: Readable, encoding: Encoding, most: number): Readable {
  if (encoding === 'identity') return body
  const decompress = encoding === 'br' ? createBrotliDecompress() : createGunzip()
  return pipeline(
    body,
    (pieces: AsyncIterable<Uint8Array>) => bounded(pieces, most),
    decompress,
    () => {},
  )
}
