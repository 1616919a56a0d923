import { RSABSSA } from '@cloudflare/blindrsa-ts'
import type { ContractId } from '@varco/core'
import { isId } from '@varco/core'
import { isMonth, workTokenText, type WorkKeyOwner } from '@varco/engagement'
import * as z from 'zod'

/** A token as its holder keeps it, in a file of their own. Whoever has it declares with it. */
export const workTokenSchema = z.strictObject({
  format: z.literal('varco/work-token'),
  contract: z
    .string()
    .refine(isId)
    .transform((id) => id as ContractId),
  month: z.string().refine(isMonth),
  message: z.base64url(),
  signature: z.base64url(),
})
export type WorkTokenFile = z.infer<typeof workTokenSchema>

const suite = RSABSSA.SHA384.PSS.Randomized()

/** A message that only its holder will know, blinded for the month's key (RFC 9474). */
export interface BlindedToken {
  /** What the issuer is shown. */
  readonly blinded: Uint8Array
  /** @throws Error when the signature is not by the month's key: the issuer used another */
  readonly unblind: (blindSignature: Uint8Array) => Promise<WorkTokenFile>
}

/** @param publicKey of the month, as DER (SPKI) */
export async function blindWorkToken(owner: WorkKeyOwner, publicKey: Uint8Array): Promise<BlindedToken> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const key = await crypto.subtle.importKey('spki', new Uint8Array(publicKey), algorithm, true, ['verify'])
  const message = suite.prepare(new TextEncoder().encode(workTokenText(owner)))
  const { blindedMsg, inv } = await suite.blind(key, message)
  return {
    blinded: blindedMsg,
    unblind: async (blindSignature) => ({
      ...{ format: 'varco/work-token', contract: owner.contract, month: owner.month },
      message: Buffer.from(message).toString('base64url'),
      signature: Buffer.from(await suite.finalize(key, message, blindSignature, inv)).toString('base64url'),
    }),
  }
}
