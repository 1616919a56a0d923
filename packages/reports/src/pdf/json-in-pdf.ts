import { inflateSync } from 'node:zlib'

/**
 * The JSON attached to a PDF made by this renderer; `null` when there is none. Reads what this renderer writes, not
 * every PDF there may be. Where the stream ends the compressed data themselves tell.
 * @param largest bytes it may swell to
 */
export function jsonInPdf(pdf: Uint8Array, largest: number): string | null {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const at = bytes.indexOf('/Type /EmbeddedFile')
  const start = at === -1 ? -1 : bytes.indexOf('stream\n', at)
  if (start === -1) return null
  try {
    return inflateSync(bytes.subarray(start + 'stream\n'.length), { maxOutputLength: largest }).toString(
      'utf8',
    )
  } catch {
    return null
  }
}
