import type { InclusionProof } from '../inclusion-proof.ts'
import { hashFromBase64, leafHash, type Hash } from '../merkle/hash.ts'
import { rootFromInclusion } from '../merkle/proof.ts'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { parseVerifiers } from '../notes/note-key.ts'
import type { StoredEvent } from '../reader.ts'
import { treeOrigin } from '../store/tree-origin.ts'
import { decodeEvent } from '../stored-event.ts'

/** Why a proof proves nothing. */
export type InclusionFault = 'bad-key' | 'bad-signature' | 'bad-proof' | 'not-in-tree' | 'other-place'

export type InclusionVerdict =
  | { readonly ok: true; readonly event: StoredEvent }
  | { readonly ok: false; readonly reason: InclusionFault }

/**
 * Checks, with nothing but the proof and the log's public key, that an event is in the log: the signature on the
 * checkpoint, the audit path from the event's bytes to its root, and that the event itself names that place.
 * @param verifierKey C2SP verifier key text, or several of them, one a line, when the log has changed keys
 */
export function checkInclusion(proof: InclusionProof, verifierKey: string): InclusionVerdict {
  return inclusionChecker(verifierKey)(proof)
}

/** The same for many proofs: a checkpoint that several lead to is opened once. */
export function inclusionChecker(verifierKey: string): (proof: InclusionProof) => InclusionVerdict {
  const verifiers = parseVerifiers(verifierKey)
  if (verifiers === null) return () => ({ ok: false, reason: 'bad-key' })
  const opened = new Map<string, ReturnType<typeof openCheckpoint>>()
  return (proof) => {
    const before = opened.get(proof.checkpoint)
    const checkpoint = before === undefined ? openCheckpoint(proof.checkpoint, verifiers) : before
    opened.set(proof.checkpoint, checkpoint)
    return checkpoint === null ? { ok: false, reason: 'bad-signature' } : checkUnder(checkpoint, proof)
  }
}

function checkUnder(
  checkpoint: NonNullable<ReturnType<typeof openCheckpoint>>,
  proof: InclusionProof,
): InclusionVerdict {
  const path = proof.path.map(hashFromBase64)
  const index = Number(proof.index)
  if (path.includes(null) || String(index) !== proof.index || proof.size !== String(checkpoint.size)) {
    return { ok: false, reason: 'bad-proof' }
  }
  const root = rootFromInclusion(index, checkpoint.size, leafHash(proof.body), path as readonly Hash[])
  if (root !== checkpoint.root) return { ok: false, reason: 'not-in-tree' }

  const event = decodeEvent(proof.body)
  const place = { writer: event.writer, epoch: event.epoch }
  const logs = new Set(checkpoint.signers.map(({ name }) => name))
  const fits =
    event.seq === index && logs.has(event.origin) && treeOrigin(event.origin, place) === checkpoint.origin
  return fits ? { ok: true, event } : { ok: false, reason: 'other-place' }
}
