import { sign, verify, type KeyObject } from 'node:crypto'
import { noteVerifier, SIGNATURE_TYPE, type NoteVerifier } from './note-key.ts'

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string
  /** Key id, eight hex digits. */
  readonly id: string
  readonly bytes: Buffer
}

/** A note taken apart. Its text is worth nothing before a signature by a trusted key is verified. */
export interface ParsedNote {
  /** With its last newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Signs text (ending in a newline) under the key's name: C2SP signed-note, Ed25519. */
export function signNote(text: string, name: string, key: KeyObject): string {
  return noteSigner(name, key)(text)
}

/** A function that signs notes with one key. */
export function noteSigner(name: string, key: KeyObject): (text: string) => string {
  const id = Buffer.from(noteVerifier(name, key).id, 'hex')
  return (text) => `${text}\n${signatureLine(name, Buffer.concat([id, sign(null, Buffer.from(text), key)]))}`
}

/** `— name base64(id || signature)` and a newline. */
export function signatureLine(name: string, idAndSignature: Buffer): string {
  return `\u2014 ${name} ${idAndSignature.toString('base64')}\n`
}

const MAX_NOTE_CHARS = 100_000

/** Takes a note apart; `null` when it is not well formed. */
export function parseNote(note: string): ParsedNote | null {
  // eslint-disable-next-line no-control-regex -- the format forbids them
  if (note.length > MAX_NOTE_CHARS || !note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note))
    return null
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const signatures = parseSignatureLines(note.slice(split + 2))
  return signatures === null || signatures.length === 0
    ? null
    : { text: note.slice(0, split + 1), signatures }
}

/** Reads signature lines, each with its newline; `null` when one is not well formed. */
export function parseSignatureLines(lines: string): readonly NoteSignature[] | null {
  if (!lines.endsWith('\n')) return null
  const signatures: NoteSignature[] = []
  for (const line of lines.slice(0, -1).split('\n')) {
    const match = /^\u2014 ([^\s+\p{Z}]+) ([A-Za-z0-9+/]+=*)$/u.exec(line)
    const data = Buffer.from(match?.[2] ?? '', 'base64')
    // Base64 has several texts for the same bytes; one is enough.
    if (match === null || data.length < 5 || data.toString('base64') !== match[2]) return null
    signatures.push({ name: match[1] ?? '', id: data.toString('hex', 0, 4), bytes: data.subarray(4) })
  }
  return signatures
}

/**
 * The keys, out of those trusted, that really signed the note. Unknown signatures are ignored, as the format
 * demands; a known key whose signature fails spoils the whole note: `null`.
 */
export function verifyNote(
  note: ParsedNote,
  trusted: readonly NoteVerifier[],
): readonly NoteVerifier[] | null {
  const signers: NoteVerifier[] = []
  for (const signature of note.signatures) {
    const verifier = trusted.find((known) => known.name === signature.name && known.id === signature.id)
    if (verifier === undefined) continue
    if (!signatureHolds(note.text, signature, verifier)) return null
    if (!signers.includes(verifier)) signers.push(verifier)
  }
  return signers
}

const TIMESTAMP_BYTES = 8

function signatureHolds(text: string, { bytes }: NoteSignature, { type, key }: NoteVerifier): boolean {
  if (type === SIGNATURE_TYPE.ed25519) return verify(null, Buffer.from(text), key, bytes)
  if (bytes.length <= TIMESTAMP_BYTES) return false
  return verify(
    null,
    Buffer.from(cosignedMessage(text, bytes.readBigUInt64BE(0))),
    key,
    bytes.subarray(TIMESTAMP_BYTES),
  )
}

/** C2SP tlog-cosignature: what a witness signs, the time in seconds. */
export function cosignedMessage(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`
}
