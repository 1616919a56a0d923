import type { KeyObject } from 'node:crypto'
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

/** Whether the detached signature is this key's over exactly this text. */
export async function verifySignature(json: string, jws: string, publicKey: KeyObject): Promise<boolean> {
  const parts = jws.trim().split('.')
  if (parts.length !== 3 || parts[1] !== '') return false
  const whole = `${parts[0]}.${Buffer.from(json).toString('base64url')}.${parts[2]}`
  try {
    const { protectedHeader } = await compactVerify(whole, publicKey, { algorithms: ['EdDSA'] })
    return protectedHeader.typ === 'varco-report+jws'
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
