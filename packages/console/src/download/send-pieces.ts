import type { Context } from 'hono'

/** How a file is called and what it is. */
export interface SentFile {
  readonly name: string
  readonly type: string
}

/**
 * A file, piece by piece, as the browser takes it. The first piece is waited for, so that what cannot be made is a page that
 * says so, not a broken file.
 */
export async function sendPieces(
  c: Context,
  pieces: AsyncIterable<string | Uint8Array>,
  { name, type }: SentFile,
): Promise<Response> {
  const rest = pieces[Symbol.asyncIterator]()
  const first = await rest.next()
  c.header('Content-Type', type)
  c.header('Content-Disposition', `attachment; filename="${name}"`)
  if (c.req.method === 'HEAD') {
    // Nobody takes the rest, so nobody would let go of what it is read from.
    await rest.return?.()
    return c.body(null)
  }
  return c.body(streamOf(first, rest))
}

function streamOf(
  first: IteratorResult<string | Uint8Array, unknown>,
  rest: AsyncIterator<string | Uint8Array>,
): ReadableStream {
  const encoder = new TextEncoder()
  let next: typeof first | null = first
  return new ReadableStream({
    async pull(controller) {
      const piece = next ?? (await rest.next())
      next = null
      if (piece.done === true) controller.close()
      else controller.enqueue(typeof piece.value === 'string' ? encoder.encode(piece.value) : piece.value)
    },
    async cancel() {
      await rest.return?.()
    },
  })
}
