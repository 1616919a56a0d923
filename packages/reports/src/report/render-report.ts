import { createHash } from 'node:crypto'
import { canonicalJson, isoToMicros, microsToDate } from '@varco/core'
import type { ReportDocument } from '../document/document.ts'
import { renderDocumentAsHtml } from '../html/render-document.ts'
import { renderDocumentAsPdf } from '../pdf/render-document.ts'
import { subjectDocument } from '../subject/subject-document.ts'
import { documentOf, type Report } from './report.ts'
import { isShelved, jsonPieces, type ShelvedReport } from './shelved-report.ts'
import { rowsOf, watchRows, type Watch } from './watch-rows.ts'

/** Canonical JSON (RFC 8785): `sha256sum` of this file is the fingerprint the other two formats print. */
export function renderJson(report: Report): string {
  return canonicalJson(report)
}

/** @throws MissingFontError */
export async function renderHtml(report: Report): Promise<string> {
  const pieces: string[] = []
  for await (const piece of (await renderingsOf(report)).html) pieces.push(piece)
  return pieces.join('')
}

/** @throws MissingFontError */
export async function renderPdf(report: Report): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await renderingsOf(report)).pdf) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export interface Renderings {
  /** SHA-256 of the JSON, in hexadecimal. */
  readonly hash: string
  /** Bytes of the JSON. */
  readonly size: number
  /** As often as it is asked for. */
  readonly json: () => AsyncIterable<string>
  /** Each is set as it is read, once. */
  readonly html: AsyncIterable<string>
  readonly pdf: AsyncIterable<Uint8Array>
}

/**
 * A report in its three formats, piece by piece: however long it is, only a page of it is in memory. Reading throws the
 * signal's reason once it is aborted.
 */
export async function renderingsOf(
  report: Report | ShelvedReport,
  { signal, onProgress }: Watch = {},
): Promise<Renderings> {
  const pieces = piecesOf(report)
  const sha256 = createHash('sha256')
  let size = 0
  for await (const piece of pieces()) {
    sha256.update(piece)
    size += Buffer.byteLength(piece)
  }
  const hash = sha256.digest('hex')
  const { made } = isShelved(report) ? report.report : report
  const document = isShelved(report)
    ? subjectDocument(report.report, hash, report.shelf)
    : documentOf(report, hash)
  const rows = 2 * rowsOf(document)
  let done = 0
  const watched = (): ReportDocument =>
    watchRows(document, signal, (more) => {
      done += more
      onProgress?.(done, rows)
    })
  const inside = { name: 'report.json', at: microsToDate(isoToMicros(made.at) ?? 0n) }
  return {
    hash,
    size,
    json: pieces,
    html: renderDocumentAsHtml(watched(), pieces()),
    pdf: renderDocumentAsPdf(watched(), { ...inside, json: pieces() }),
  }
}

/** One of the formats alone, with its own progress: as many rows as its document has. */
export async function renderingIn(
  format: 'pdf' | 'html' | 'json',
  report: Report | ShelvedReport,
  { signal, onProgress }: Watch = {},
): Promise<AsyncIterable<string | Uint8Array>> {
  const { pdf, html, json } = await renderingsOf(report, {
    ...(signal === undefined ? {} : { signal }),
    // The other one that is set from the document is never read.
    onProgress: (rows, ofBoth) => onProgress?.(rows, ofBoth / 2),
  })
  switch (format) {
    case 'pdf':
      return pdf
    case 'html':
      return html
    case 'json':
      return json()
  }
}

function piecesOf(report: Report | ShelvedReport): () => AsyncGenerator<string> {
  if (isShelved(report)) return () => jsonPieces(report.report, report.shelf)
  const json = renderJson(report)
  return async function* () {
    yield json
  }
}
