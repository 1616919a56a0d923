/** What a request that changes records prefers (RFC 7240), in PostgREST's words. */
export interface UpdatePreferences {
  /** The changed records are wanted back. */
  readonly representation: boolean
  /** How many were changed is wanted. */
  readonly count: boolean
  /** Records at most, or none is changed. */
  readonly maxAffected: number | null
}

export function readPreferences(header: string | undefined): UpdatePreferences {
  const wanted = new Set((header ?? '').split(',').map((item) => item.trim().toLowerCase()))
  const limits = [...wanted].flatMap((item) => /^max-affected=(\d{1,9})$/.exec(item)?.[1] ?? [])
  return {
    representation: wanted.has('return=representation'),
    count: ['exact', 'planned', 'estimated'].some((kind) => wanted.has(`count=${kind}`)),
    maxAffected: limits.length === 0 ? null : Math.min(...limits.map(Number)),
  }
}
