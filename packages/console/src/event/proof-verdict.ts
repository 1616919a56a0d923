import {
  checkInclusion,
  type AccessLogReader,
  type InclusionFault,
  type InclusionProof,
  type StoredEvent,
} from '@varco/access-log'
import { InvariantError } from '@varco/core'

/** What checking the proof of an event's inclusion came to. */
export type ProofVerdict =
  | { readonly kind: 'proven'; readonly proof: InclusionProof }
  /** The log gives no proof, or one that does not hold, or one of another event. */
  | { readonly kind: 'broken'; readonly proof: InclusionProof | null; readonly fault: InclusionFault }

/** Asks the log for the proof of an event and checks it against the log's public key. */
export async function judgeProof(
  reader: Pick<AccessLogReader, 'prove'>,
  event: StoredEvent,
  verifierKey: string,
): Promise<ProofVerdict> {
  const proof = await proofOf(reader, event)
  if (proof === null) return { kind: 'broken', proof, fault: 'not-in-tree' }
  const verdict = checkInclusion(proof, verifierKey)
  if (!verdict.ok) return { kind: 'broken', proof, fault: verdict.reason }
  return verdict.event.id === event.id
    ? { kind: 'proven', proof }
    : { kind: 'broken', proof, fault: 'other-place' }
}

/** `null` also where the log notices by itself that it is damaged: the page says so, it does not fail. */
async function proofOf(
  reader: Pick<AccessLogReader, 'prove'>,
  event: StoredEvent,
): Promise<InclusionProof | null> {
  try {
    return await reader.prove(event.id)
  } catch (error) {
    if (error instanceof InvariantError) return null
    throw error
  }
}
