/**
 * Everything a stranger needs, beside the log's public key, to check that one event is in the log:
 * RFC 6962 section 2.1.1 audit path and the signed checkpoint (C2SP tlog-checkpoint) it leads to.
 */
export interface InclusionProof {
  /** The event's exact bytes, as hashed (UTF-8 text). */
  readonly body: string
  /** Position in the tree and the tree's size under the checkpoint, as decimal strings. */
  readonly index: string
  readonly size: string
  /** Sibling hashes from the leaf upwards, base64. */
  readonly path: readonly string[]
  /** The signed note. */
  readonly checkpoint: string
}
