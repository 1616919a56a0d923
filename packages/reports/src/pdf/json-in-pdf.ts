import { inflateSync } from 'node:zlib'

/**
 * The JSON attached to a PDF made by this renderer; `null` when there is none. Reads what pdfkit writes, not
 * every PDF there may be.
 */
export function jsonInPdf(pdf: Uint8Array): string | null {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const at = bytes.indexOf('/Type /EmbeddedFile')
  if (at === -1) return null
  const start = bytes.indexOf('stream\n', at)
  const length = /\/Length (\d+)/.exec(bytes.toString('latin1', at, start))?.[1]
  if (start === -1 || length === undefined) return null
  const from = start + 'stream\n'.length
  try {
    return inflateSync(bytes.subarray(from, from + Number(length))).toString('utf8')
  } catch {
    return null
  }
}
