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
  return renderDocumentAsHtml(documentOf(report, reportHash(json)), json)
}

/** @throws MissingFontError */
export async function renderPdf(report: Report): Promise<Uint8Array> {
  const json = renderJson(report)
  return renderDocumentAsPdf(documentOf(report, reportHash(json)), {
    name: 'report.json',
    json,
    at: microsToDate(isoToMicros(report.made.at) ?? 0n),
  })
}

/** SHA-256 in hexadecimal of a report's canonical JSON. */
export function reportHash(json: string): string {
  return createHash('sha256').update(json).digest('hex')
}
