import { createHash } from 'node:crypto'
import { canonicalJson, isoToMicros, microsToDate } from '@varco/core'
import type { ReportDocument } from '../document/document.ts'
import { renderDocumentAsHtml } from '../html/render-document.ts'
import { renderDocumentAsPdf } from '../pdf/render-document.ts'
import { documentOf, type Report } from './report.ts'
import { rowsOf, watchRows, type Watch } from './watch-rows.ts'

/** Canonical JSON (RFC 8785): `sha256sum` of this file is the fingerprint the other two formats print. */
export function renderJson(report: Report): string {
  return canonicalJson(report)
}

/** @throws MissingFontError */
export async function renderHtml(report: Report): Promise<string> {
  const pieces: string[] = []
  for await (const piece of renderingsOf(report).html) pieces.push(piece)
  return pieces.join('')
}

/** @throws MissingFontError */
export async function renderPdf(report: Report): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of renderingsOf(report).pdf) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** SHA-256 in hexadecimal of a report's canonical JSON. */
export function reportHash(json: string): string {
  return createHash('sha256').update(json).digest('hex')
}

export interface Renderings {
  readonly json: string
  /** SHA-256 of the JSON, in hexadecimal. */
  readonly hash: string
  /** Set as they are read, each once. */
  readonly html: AsyncIterable<string>
  readonly pdf: AsyncIterable<Uint8Array>
}

/** A report in its three formats, the long ones piece by piece. Reading throws the signal's reason once it is aborted. */
export function renderingsOf(report: Report, { signal, onProgress }: Watch = {}): Renderings {
  const json = renderJson(report)
  const hash = reportHash(json)
  const document = documentOf(report, hash)
  const rows = 2 * rowsOf(document)
  let done = 0
  const watched = (): ReportDocument =>
    watchRows(document, signal, (more) => {
      done += more
      onProgress?.(done, rows)
    })
  return {
    json,
    hash,
    html: renderDocumentAsHtml(watched(), [json]),
    pdf: renderDocumentAsPdf(watched(), {
      name: 'report.json',
      json: [json],
      at: microsToDate(isoToMicros(report.made.at) ?? 0n),
    }),
  }
}
