import { createHash } from 'node:crypto'
import { canonicalJson, isoToMicros, microsToDate } from '@varco/core'
import { renderDocumentAsHtml } from '../html/render-document.ts'
import { renderDocumentAsPdf } from '../pdf/render-document.ts'
import { documentOf, type Report } from './report.ts'

/** Canonical JSON (RFC 8785): `sha256sum` of this file is the fingerprint the other two formats print. */
export function renderJson(report: Report): string {
  return canonicalJson(report)
}

/** @throws MissingFontError */
export async function renderHtml(report: Report): Promise<string> {
  const json = renderJson(report)
  const pieces: string[] = []
  for await (const piece of renderDocumentAsHtml(documentOf(report, reportHash(json)), [json]))
    pieces.push(piece)
  return pieces.join('')
}

/** @throws MissingFontError */
export async function renderPdf(report: Report): Promise<Uint8Array> {
  const json = renderJson(report)
  const chunks: Uint8Array[] = []
  for await (const chunk of renderDocumentAsPdf(documentOf(report, reportHash(json)), {
    name: 'report.json',
    json: [json],
    at: microsToDate(isoToMicros(report.made.at) ?? 0n),
  }))
    chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** SHA-256 in hexadecimal of a report's canonical JSON. */
export function reportHash(json: string): string {
  return createHash('sha256').update(json).digest('hex')
}
