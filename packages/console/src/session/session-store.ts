import type { Micros } from '@varco/core'

/** A signed-in person, as kept on the server. */
export interface Session {
  /** SHA-256 of the cookie's secret, base64url: the secret itself is nowhere but in the browser. */
  readonly key: string
  /** Who vouched for the person, and what it calls them (`sub`). */
  readonly issuer: string
  readonly externalId: string
  /** What the page's header calls the person; `null` when the identity provider did not say. */
  readonly name: string | null
  /** When the person was made to prove anew who they are, for a sensitive act; `null`: was not. */
  readonly provedAt: Micros | null
  /** When the person signed in. */
  readonly createdAt: Micros
  /** The last request, to the minute. */
  readonly seenAt: Micros
}

/**
 * Where sessions are kept. It holds no idea of expiry: the console decides what is still alive.
 * Every method throws `UnavailableError` while the store cannot be reached.
 */
export interface SessionStore {
  insert(session: Session): Promise<void>
  find(key: string): Promise<Session | null>
  /** Notes a request; does nothing for a session that is gone. */
  seen(key: string, at: Micros): Promise<void>
  /** Forgets a session; no error when there is none. */
  remove(key: string): Promise<void>
  /** Forgets what is older than either bound; says how many there were. */
  sweep(bounds: { readonly createdBefore: Micros; readonly seenBefore: Micros }): Promise<number>
}
