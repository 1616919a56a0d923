/** A record as it was, whole, when it was about to go. */
export interface ArchivedRecord {
  readonly key: string
  /** The row as one JSON object, as the records' database writes it. */
  readonly record: string
}

/** What an archive keeps of one rule of one plan. */
export interface ArchiveSeal {
  readonly records: number
  /** SHA-256, in hex, of the manifest: it lists the records' files with their digests. */
  readonly manifest: string
}

/** Where records go that are kept elsewhere before they are erased here. Throws `UnavailableError` when it cannot be written. */
export interface RetentionArchive {
  /** Durable before it resolves. What is added twice, or did not go after all, is sorted out by `seal`. */
  add(plan: string, rule: string, records: readonly ArchivedRecord[]): Promise<void>
  /**
   * Writes the bundle: every record that went once, in an order that follows from the keys alone, and its manifest. Sealed again it is the same.
   * @param went of these keys, those whose records went
   */
  seal(
    plan: string,
    rule: string,
    went: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<ArchiveSeal>
}
