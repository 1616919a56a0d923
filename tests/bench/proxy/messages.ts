/** What a server of the benchmark is told on its command line, as JSON. */
export interface ServerOrder {
  /** `bare`: the plain one with rows as the log's, but for what makes them a log. */
  readonly kind: 'raw' | 'naive' | 'bare' | 'varco'
  readonly databaseUrl: string
  /** The bundle's document, as JSON. */
  readonly policyFile: string
  readonly audience: string
  readonly issuer: string
  readonly issuerAddress: string
  /** The folder of the log's keys. */
  readonly keys: string
  /** Processes that share its port. */
  readonly workers: number
}

/** What it says back. */
export type FromServer =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'rss'; readonly bytes: number }

/** Under which bench and server hide who people are. */
export const BENCH_SECRET = Buffer.alloc(32, 7)
