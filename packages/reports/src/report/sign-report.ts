import { createHash, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, CompactSign, compactVerify, exportJWK } from 'jose'

/**
 * A detached JWS (RFC 7515 appendix F) over the exact bytes of a report's JSON file: Ed25519, `kid` the key's
 * RFC 7638 thumbprint. It stands beside the file; the file stays plain JSON.
 */
export async function signReport(json: string, privateKey: KeyObject): Promise<string> {
  const signed = await new CompactSign(Buffer.from(json))
    .setProtectedHeader({ alg: 'EdDSA', kid: await thumbprint(privateKey), typ: 'varco-report+jws' })
    .sign(privateKey)
  const [header, , signature] = signed.split('.')
  return `${header}..${signature}`
}

/**
 * A JWS over the SHA-256 of a report's JSON file, which its payload says: for a file too long to be held whole.
 * @param hash in hexadecimal, as `sha256sum` prints it
 */
export async function signHash(hash: string, privateKey: KeyObject): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify({ sha256: hash })))
    .setProtectedHeader({ alg: 'EdDSA', kid: await thumbprint(privateKey), typ: 'varco-report-hash+jws' })
    .sign(privateKey)
}

/** Whether the signature, over the text or over its SHA-256, is this key's for exactly this text. */
export async function verifySignature(json: string, jws: string, publicKey: KeyObject): Promise<boolean> {
  const parts = jws.trim().split('.')
  if (parts.length !== 3) return false
  const detached = parts[1] === ''
  const whole = detached
    ? `${parts[0]}.${Buffer.from(json).toString('base64url')}.${parts[2]}`
    : parts.join('.')
  try {
    const { protectedHeader, payload } = await compactVerify(whole, publicKey, { algorithms: ['EdDSA'] })
    if (detached) return protectedHeader.typ === 'varco-report+jws'
    const said = JSON.stringify({ sha256: createHash('sha256').update(json).digest('hex') })
    return protectedHeader.typ === 'varco-report-hash+jws' && Buffer.from(payload).toString('utf8') === said
  } catch {
    return false
  }
}

async function thumbprint(privateKey: KeyObject): Promise<string> {
  const { crv, kty, x } = await exportJWK(privateKey)
  return calculateJwkThumbprint({
    ...(crv === undefined ? {} : { crv }),
    ...(x === undefined ? {} : { x }),
    kty: kty ?? 'OKP',
  })
}
