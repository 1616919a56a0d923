import { randomBytes, type KeyObject } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { VarcoError } from '@varco/core'
import { ReportCancelledError, ReportNotWrittenError } from '../errors.ts'
import { bytesInChunks } from './bytes-in-chunks.ts'
import { diskFault } from './disk-fault.ts'
import { renderingsOf } from './render-report.ts'
import { isShelved, type ShelvedReport } from './shelved-report.ts'
import { signHash, signReport } from './sign-report.ts'
import { fileNameOf, type Report } from './report.ts'
import type { Watch } from './watch-rows.ts'

export interface WrittenReport {
  readonly json: string
  readonly html: string
  readonly pdf: string
  /** The detached signature over the JSON file, when a key was given. */
  readonly signature: string | null
  /** The table, when one was given. */
  readonly csv: string | null
  /** SHA-256 of the JSON file, in hexadecimal. */
  readonly hash: string
}

export interface WriteOptions extends Watch {
  /** The files' name, without ending; by default when the report was made. */
  readonly name?: string
  /** Ed25519: signs the JSON file. */
  readonly signingKey?: KeyObject
  /** A table that goes with the report, as `NAME.csv`. */
  readonly csv?: string | AsyncIterable<string>
}

/**
 * Saves a report as `NAME.json`, `NAME.html`, `NAME.pdf` and, where asked for, `NAME.json.jws` and `NAME.csv`, all or
 * none: each is written beside its place piece by piece, synced and renamed; a crash leaves at most a hidden temporary file.
 * Files are for their owner only.
 * @throws ReportNotWrittenError when the folder or the disk does not let it
 * @throws ReportCancelledError when the signal ends it
 */
export async function writeReport(
  dir: string,
  report: Report | ShelvedReport,
  options: WriteOptions = {},
): Promise<WrittenReport> {
  const { name = nameOf(isShelved(report) ? report.report : report), signingKey, csv, signal } = options
  const { json, hash, html, pdf, size } = await renderingsOf(report, options)
  const isLong = isShelved(report) && size > SIGNED_WHOLE
  const signed = (key: KeyObject): Promise<string> => (isLong ? signHash(hash, key) : signText(json(), key))
  const contents: Readonly<Record<string, Content>> = {
    json: json(),
    html,
    pdf,
    ...(signingKey === undefined ? {} : { 'json.jws': `${await signed(signingKey)}\n` }),
    ...(csv === undefined ? {} : { csv }),
  }
  const place = (ending: string): string => path.join(dir, `${name}.${ending}`)
  const files = Object.entries(contents).map(([ending, content]) => ({
    content,
    path: place(ending),
    temporary: path.join(dir, `.${name}.${randomBytes(6).toString('hex')}.${ending}`),
  }))
  const placed: string[] = []
  try {
    await mkdir(dir, { recursive: true })
    for (const file of files) await writeDurably(file.temporary, file.content)
    signal?.throwIfAborted()
    for (const file of files) {
      await rename(file.temporary, file.path)
      placed.push(file.path)
    }
  } catch (cause) {
    const leftovers = [...files.map((file) => file.temporary), ...placed]
    await Promise.allSettled(leftovers.map(async (leftover) => rm(leftover, { force: true })))
    if (signal?.aborted === true) throw new ReportCancelledError({ cause })
    throw cause instanceof VarcoError ? cause : new ReportNotWrittenError(diskFault(cause), { cause })
  }
  return {
    json: place('json'),
    html: place('html'),
    pdf: place('pdf'),
    signature: signingKey === undefined ? null : place('json.jws'),
    csv: csv === undefined ? null : place('csv'),
    hash,
  }
}

/** A longer file is signed by its SHA-256, for a signature over the bytes wants them all in memory. */
const SIGNED_WHOLE = 16 * 1024 * 1024

async function signText(pieces: AsyncIterable<string>, key: KeyObject): Promise<string> {
  return signReport((await Array.fromAsync(pieces)).join(''), key)
}

/** Says when, not whose: a file's name is no place for a tax code. */
function nameOf(report: Report): string {
  return `${fileNameOf(report)}-${report.made.at.slice(0, 19).replaceAll(/[:T]/g, '-')}-${report.made.content.slice(0, 8)}`
}

type Content = string | AsyncIterable<string | Uint8Array>

async function writeDurably(file: string, content: Content): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(typeof content === 'string' ? content : bytesInChunks(content))
    await handle.sync()
  } finally {
    await handle.close()
  }
}
