/**
 * Everything a stranger needs, beside the log's public key, to check that a tree still begins with what it was at an earlier
 * checkpoint: RFC 6962 section 2.1.2 between two signed checkpoints (C2SP tlog-checkpoint).
 */
export interface ConsistencyProof {
  /** The signed note that somebody kept. */
  readonly older: string
  /** The tree's last signed note. */
  readonly newer: string
  /** Hashes of the proof in RFC 6962's order, base64. */
  readonly path: readonly string[]
}
