import { constants, createHash, createPublicKey, verify } from 'node:crypto'
import type { WorkKeyOwner } from './work-keys.ts'

/** Says that whoever has it worked under a contract in a month, and nothing of who. */
export interface WorkToken extends WorkKeyOwner {
  /** 32 random bytes, then `workTokenText`: what was signed without being read. */
  readonly message: Buffer
  readonly signature: Buffer
}

/** RFC 9474: the random bytes before a message, and the salt of its encoding. */
const PREFIX_BYTES = 32
const SALT_BYTES = 48

/** What every token of a month says beside its random bytes. */
export function workTokenText({ contract, month }: WorkKeyOwner): string {
  return `varco/work-token\n${contract}\n${month}`
}

/** Whether the token is of the month it says, and signed by that month's key (RFC 9474, section 4.5). */
export function isSignedToken({ message, signature, ...owner }: WorkToken, publicKey: Buffer): boolean {
  if (!message.subarray(PREFIX_BYTES).equals(Buffer.from(workTokenText(owner)))) return false
  const key = createPublicKey({ key: publicKey, type: 'spki', format: 'der' })
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify('sha384', message, { key, padding, saltLength: SALT_BYTES }, signature)
}

/** One name for a token, however often it comes. */
export function workTokenId({ message }: Pick<WorkToken, 'message'>): string {
  return createHash('sha256').update(message).digest('base64url')
}

/** What the log says of a month's key, and what workers can compare among each other. */
export function workKeyDigest(publicKey: Buffer): string {
  return createHash('sha256').update(publicKey).digest('hex')
}
