import { RSABSSA } from '@cloudflare/blindrsa-ts'
import type { WorkKeyOwner, WorkToken } from '@varco/engagement'
import { workTokenText } from '@varco/engagement'

const suite = RSABSSA.SHA384.PSS.Randomized()

/** What a worker does at home: the issuer sees `blinded`, and never `message`. */
export async function blindedToken(owner: WorkKeyOwner, publicKey: Buffer, text = workTokenText(owner)) {
  const key = await rsaKey(publicKey)
  const message = suite.prepare(new TextEncoder().encode(text))
  const { blindedMsg, inv } = await suite.blind(key, message)
  return {
    blinded: Buffer.from(blindedMsg),
    message: Buffer.from(message),
    unblind: async (blindSignature: Buffer): Promise<WorkToken> => ({
      ...owner,
      message: Buffer.from(message),
      signature: Buffer.from(await suite.finalize(key, message, new Uint8Array(blindSignature), inv)),
    }),
  }
}

export function rsaKey(spki: Buffer) {
  return crypto.subtle.importKey('spki', new Uint8Array(spki), { name: 'RSA-PSS', hash: 'SHA-384' }, true, [
    'verify',
  ])
}
