import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto'

/** C2SP signed-note: the byte that names the algorithm, in key ids and in the texts of keys. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const
export type SignatureType = (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE]

/** A public key that notes are checked with. */
export interface NoteVerifier {
  readonly name: string
  /** First four bytes of `SHA-256(name || 0x0A || type || public key)`, as eight hex digits. */
  readonly id: string
  readonly type: SignatureType
  readonly key: KeyObject
}

const KEY_BYTES = 32
const TYPES: readonly number[] = Object.values(SIGNATURE_TYPE)

/** Whether a name may stand in a note: not empty, no space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}\p{Z}]{1,200}$/u.test(name)
}

function keyId(name: string, type: number, publicKey: Buffer): string {
  const prefix = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])
  return hash('sha256', prefix, 'hex').slice(0, 8)
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}

/** The verifier of a key under a name. */
export function noteVerifier(
  name: string,
  key: KeyObject,
  type: SignatureType = SIGNATURE_TYPE.ed25519,
): NoteVerifier {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return { name, id: keyId(name, type, rawPublicKey(publicKey)), type, key: publicKey }
}

/** The verifier as text, `name+id+base64(type || public key)`: what auditors, witnesses and citizens are given. */
export function verifierText(verifier: NoteVerifier): string {
  const data = Buffer.concat([Buffer.of(verifier.type), rawPublicKey(verifier.key)])
  return `${verifier.name}+${verifier.id}+${data.toString('base64')}`
}

/** Reads a verifier's text; `null` when it is not one, or its id is not its key's. */
export function parseVerifier(text: string): NoteVerifier | null {
  const parsed = parseKeyText(text)
  if (parsed === null || keyId(parsed.name, parsed.type, parsed.bytes) !== parsed.id) return null
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: parsed.bytes.toString('base64url') },
    format: 'jwk',
  })
  return { name: parsed.name, id: parsed.id, type: parsed.type, key }
}

/** Reads the texts of several verifiers, one a line; `null` when one of them is none. */
export function parseVerifiers(lines: string): readonly NoteVerifier[] | null {
  const read = lines
    .trim()
    .split('\n')
    .map((line) => parseVerifier(line.trim()))
  const known = read.filter((verifier) => verifier !== null)
  return known.length === read.length ? known : null
}

const SECRET_PREFIX = 'PRIVATE+KEY+'

/** The signing key as text, in the form the format's Go tools write: `PRIVATE+KEY+name+id+base64(type || seed)`. */
export function signingKeyText(name: string, key: KeyObject): string {
  const seed = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const data = Buffer.concat([Buffer.of(SIGNATURE_TYPE.ed25519), seed])
  return `${SECRET_PREFIX}${name}+${noteVerifier(name, key).id}+${data.toString('base64')}`
}

/** Reads a signing key's text; `null` when it is not one, or its id is not its key's. */
export function parseSigningKey(text: string): { name: string; key: KeyObject } | null {
  if (!text.startsWith(SECRET_PREFIX)) return null
  const parsed = parseKeyText(text.slice(SECRET_PREFIX.length))
  if (parsed === null || parsed.type !== SIGNATURE_TYPE.ed25519) return null
  const pkcs8 = Buffer.concat([PKCS8_ED25519, parsed.bytes])
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return noteVerifier(parsed.name, key).id === parsed.id ? { name: parsed.name, key } : null
}

/** RFC 8410: what precedes the seed in the PKCS #8 form of an Ed25519 key. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

function parseKeyText(text: string): { name: string; id: string; type: SignatureType; bytes: Buffer } | null {
  const match = /^([^+\n]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text)
  const [, name = '', id = '', base64 = ''] = match ?? []
  const data = Buffer.from(base64, 'base64')
  const [type = 0] = data
  if (!isKeyName(name) || data.length !== 1 + KEY_BYTES || !TYPES.includes(type)) return null
  return { name, id, type: type as SignatureType, bytes: data.subarray(1) }
}
