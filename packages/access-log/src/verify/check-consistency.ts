import type { ConsistencyProof } from '../consistency-proof.ts'
import { hashFromBase64, type Hash } from '../merkle/hash.ts'
import { isConsistent } from '../merkle/proof.ts'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { parseVerifiers } from '../notes/note-key.ts'

/** Why a proof proves nothing. */
export type ConsistencyFault = 'bad-key' | 'bad-signature' | 'bad-proof' | 'other-tree' | 'not-continued'

export type ConsistencyVerdict =
  | { readonly ok: true; readonly from: number; readonly to: number }
  | { readonly ok: false; readonly reason: ConsistencyFault }

/**
 * Checks, with nothing but the proof and the log's public key, that a tree only grew between two checkpoints: both signatures, and
 * the path between their roots.
 * @param verifierKey C2SP verifier key text, or several of them, one a line, when the log has changed keys
 */
export function checkConsistency(proof: ConsistencyProof, verifierKey: string): ConsistencyVerdict {
  const verifiers = parseVerifiers(verifierKey)
  if (verifiers === null) return { ok: false, reason: 'bad-key' }
  const older = openCheckpoint(proof.older, verifiers)
  const newer = openCheckpoint(proof.newer, verifiers)
  if (older === null || newer === null) return { ok: false, reason: 'bad-signature' }
  if (older.origin !== newer.origin) return { ok: false, reason: 'other-tree' }
  const path = proof.path.map(hashFromBase64)
  if (path.includes(null)) return { ok: false, reason: 'bad-proof' }
  return isConsistent(older, newer, path as readonly Hash[])
    ? { ok: true, from: older.size, to: newer.size }
    : { ok: false, reason: 'not-continued' }
}
