import { renderingIn, reportOf, type Report } from '@varco/reports'
import type { Context } from 'hono'
import { sendPieces } from '../download/send-pieces.ts'
import type { ReportFormat } from './report-formats.ts'
import type { MadeReport, ReportFile, ReportKind } from './report-maker.ts'

const TYPES: Readonly<Record<ReportFormat, string>> = {
  pdf: 'application/pdf',
  // Never shown by the browser under the console's own address: it is a file.
  html: 'application/octet-stream',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
}

/**
 * The document as a file, piece by piece: however long it is, only a page of it is in memory. The first piece is waited
 * for, so that what cannot be set is a page that says so, not a broken file.
 */
export async function sendReport(
  c: Context,
  kind: ReportKind,
  made: MadeReport,
  format: ReportFormat,
): Promise<Response> {
  const stop = new AbortController()
  try {
    const pieces = (await piecesIn(made, format, stop.signal))[Symbol.asyncIterator]()
    const first = await pieces.next()
    const name = nameOf(kind, reportOf(made.report).made, format)
    c.header('Content-Type', TYPES[format])
    c.header('Content-Disposition', `attachment; filename="${name}"`)
    return c.body(streamOf(first, pieces, made, stop))
  } catch (error) {
    await made[Symbol.asyncDispose]()
    throw error
  }
}

/** A document that lies there whole. */
export async function sendReportFile(
  c: Context,
  kind: ReportKind,
  { made, size, pieces }: ReportFile,
  format: ReportFormat,
): Promise<Response> {
  c.header('Content-Length', String(size))
  return sendPieces(c, pieces(), { name: nameOf(kind, made, format), type: TYPES[format] })
}

function nameOf(kind: ReportKind, { at, content }: Report['made'], format: ReportFormat): string {
  return `varco-${kind}-${at.slice(0, 10)}-${content.slice(0, 8)}.${format}`
}

type Piece = string | Uint8Array

async function piecesIn(
  { report, table }: MadeReport,
  format: ReportFormat,
  signal: AbortSignal,
): Promise<AsyncIterable<Piece>> {
  return format === 'csv' ? inOne(table ?? '') : renderingIn(format, report, { signal })
}

async function* inOne(text: string): AsyncGenerator<string> {
  yield text
}

/** Sent once this much has come together. */
const CHUNK = 64 * 1024

/** Lets go of the document when it is sent, when reading it fails, and when the browser has had enough. */
function streamOf(
  first: IteratorResult<Piece, unknown>,
  rest: AsyncIterator<Piece>,
  made: MadeReport,
  stop: AbortController,
): ReadableStream {
  let next: IteratorResult<Piece, unknown> | null = first
  return new ReadableStream({
    async pull(controller) {
      const gathered: Uint8Array[] = []
      let size = 0
      try {
        while (size < CHUNK) {
          const piece = next ?? (await rest.next())
          next = null
          if (piece.done === true) {
            if (size > 0) controller.enqueue(Buffer.concat(gathered))
            controller.close()
            await made[Symbol.asyncDispose]()
            return
          }
          const bytes = typeof piece.value === 'string' ? Buffer.from(piece.value) : piece.value
          gathered.push(bytes)
          size += bytes.length
        }
      } catch (error) {
        await made[Symbol.asyncDispose]()
        throw error
      }
      controller.enqueue(Buffer.concat(gathered))
    },
    async cancel() {
      stop.abort()
      await rest.return?.()
      await made[Symbol.asyncDispose]()
    },
  })
}
