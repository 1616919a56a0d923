import { hash } from 'node:crypto'
import { microsToDate, MICROS_PER_SECOND, type Micros } from '@varco/core'
import type { ProofMemory } from '@varco/engagement'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose'
import { ProofReplays } from './proof-replays.ts'
import { ALGORITHMS } from './algorithms.ts'

/** A request, as far as a proof speaks of it. */
export interface ProvenRequest {
  readonly method: string
  /** As callers must name it: without query. */
  readonly url: string
  /** The access token as sent. */
  readonly token: string
  /** RFC 7638 thumbprint of the key that the token is bound to. */
  readonly thumbprint: string
  readonly now: Micros
}

/** A proof is made for one request, just now. */
const MAX_AGE_SECONDS = 60
/** RFC 9449, section 11.1: clocks differ. */
const CLOCK_SKEW_SECONDS = 5
const MAX_PROOF_CHARS = 4_096
const MAX_JTI_CHARS = 256
/** From a proof's earliest moment to its last. */
const WINDOW: Micros = BigInt(MAX_AGE_SECONDS + 2 * CLOCK_SKEW_SECONDS) * MICROS_PER_SECOND

/** Proofs that whoever sends a token holds the key it is bound to (DPoP, RFC 9449, section 4.3). */
export class KeyProofs {
  readonly #replays = new ProofReplays(WINDOW)
  readonly #memory: ProofMemory | null

  /** @param memory what all nodes know; `null`: there is no other node */
  constructor(memory: ProofMemory | null = null) {
    this.#memory = memory
  }

  /**
   * `full`: so many proofs came that a replay could no longer be told; the caller may try again.
   * @throws UnavailableError when nobody can say whether another node has seen the proof
   */
  async check(proof: string, request: ProvenRequest): Promise<'proven' | 'invalid' | 'full'> {
    if (proof.length > MAX_PROOF_CHARS) return 'invalid'
    const jti = await this.#verify(proof, request)
    if (jti === null) return 'invalid'
    // Only what has passed all else is remembered: nobody without a token can fill the memory.
    const digest = hash('sha256', `${request.thumbprint}.${jti}`, 'hex')
    const seen = this.#replays.take(digest, request.now)
    if (seen !== 'first') return seen === 'again' ? 'invalid' : 'full'
    return (await this.#isNew(digest, request.now)) ? 'proven' : 'invalid'
  }

  /** Also on every other node; their clocks may differ by as much as a proof lives. */
  async #isNew(digest: string, now: Micros): Promise<boolean> {
    return this.#memory === null || this.#memory.remember(toUuid(digest), now, now + 2n * WINDOW)
  }

  /** The proof's own id; `null` for one that proves nothing of this request. */
  async #verify(proof: string, request: ProvenRequest): Promise<string | null> {
    try {
      const { payload, protectedHeader }: JWTVerifyResult = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: ALGORITHMS,
        requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
        maxTokenAge: MAX_AGE_SECONDS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: microsToDate(request.now),
      })
      const { jwk } = protectedHeader
      if (jwk === undefined || (await calculateJwkThumbprint(jwk, 'sha256')) !== request.thumbprint)
        return null
      return speaksOf(payload, request) ? (payload.jti ?? null) : null
    } catch {
      // The library's errors carry the proof's claims; whatever is wrong, it proves nothing.
      return null
    }
  }
}

function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

function speaksOf({ jti, htm, htu, ath }: JWTPayload, { method, url, token }: ProvenRequest): boolean {
  return (
    typeof jti === 'string' &&
    jti !== '' &&
    jti.length <= MAX_JTI_CHARS &&
    htm === method &&
    typeof htu === 'string' &&
    withoutQuery(htu) === withoutQuery(url) &&
    ath === hash('sha256', token, 'base64url')
  )
}

/** RFC 9449, section 4.3: compared once both are normalised, query and fragment left out. */
function withoutQuery(text: string): string | null {
  const url = URL.parse(text)
  return url === null ? null : `${url.origin}${url.pathname}`
}
