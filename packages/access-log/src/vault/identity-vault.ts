import { type Clock, mayBeSamePerson, type Pseudonym, VarcoError } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { AccessLog } from '../event.ts'
import type { AccessLogReader } from '../reader.ts'
import { vaultCipher } from './vault-cipher.ts'
import { openingsForCase, openingsOf, type Opening } from './openings-of.ts'
import type { OpeningRequest, VaultStore } from './vault-store.ts'

/** Who is behind a pseudonym. */
export interface Identity {
  readonly issuer: string
  /** The identity provider's `sub`. */
  readonly externalId: string
}

export type VaultRefusal =
  | 'no-case'
  | 'no-reason'
  | 'unknown'
  | 'decided'
  | 'same-person'
  | 'expired'
  | 'damaged'

const REFUSALS: Readonly<Record<VaultRefusal, string>> = {
  'no-case': 'an identity is opened for a case; name it',
  'no-reason': 'an identity is opened for a reason of at least ten characters',
  unknown: 'there is no such pseudonym or request',
  decided: 'the request was decided before',
  'same-person': 'nobody approves their own request',
  expired: 'the request is older than a day; make it again',
  damaged: 'the identity cannot be unsealed with this key',
}

/** Who is behind a pseudonym, and the opening that lets it be said. */
export interface OpenedIdentity {
  readonly pseudonym: Pseudonym
  readonly identity: Identity
  readonly opening: Opening
}

/** The vault stays shut. */
export class VaultRefusedError extends VarcoError {
  readonly code = 'vault-refused'
  readonly reason: VaultRefusal

  constructor(reason: VaultRefusal) {
    super(REFUSALS[reason])
    this.reason = reason
  }
}

export interface VaultOptions {
  readonly store: VaultStore
  /** 32 bytes, kept outside the database. */
  readonly secret: Uint8Array
  readonly log: AccessLog
  readonly reader: Pick<AccessLogReader, 'search'>
  readonly clock: Clock
  readonly newId: () => string
}

/** Gives people their pseudonyms, one for each contract, and opens one only for a case, with a reason, by two people. */
export interface IdentityVault {
  /** Keeps who the person is under this contract; returns the pseudonym. */
  enroll(identity: Identity, contract: string | null): Promise<Pseudonym>
  /** Keeps who is behind a pseudonym that was given elsewhere; one that is kept already stays as it is. */
  seal(pseudonym: Pseudonym, identity: Identity): Promise<void>
  /**
   * Asks that an identity be opened; the log has the request before anybody can approve it.
   * @throws VaultRefusedError
   */
  request(asked: {
    pseudonym: Pseudonym
    caseId: string
    reason: string
    by: string
  }): Promise<OpeningRequest>
  /** Undecided requests, oldest first. */
  pending(): Promise<readonly OpeningRequest[]>
  /**
   * Opens the identity for a second person, once the log has it.
   * @throws VaultRefusedError
   * @throws UnavailableError when it may not have been recorded: nothing is shown then
   */
  approve(id: string, by: string): Promise<Identity>
  /** @throws VaultRefusedError */
  refuse(id: string, by: string): Promise<void>
  /** Who opened this pseudonym's identity, newest first: for the worker it stands for. */
  openingsOf(pseudonym: Pseudonym): Promise<readonly Opening[]>
  /**
   * Who is behind those of these pseudonyms whose identity two people opened for this very case, as the log has it; of the
   * others nothing. In the order of the pseudonyms. Whoever shows them records that they did.
   * @throws VaultRefusedError when the key is not the one they were sealed with
   */
  openedFor(caseId: string, pseudonyms: ReadonlySet<string>): Promise<readonly OpenedIdentity[]>
}

const MIN_REASON_CHARS = 10
/** So long a request may be approved, in microseconds. */
export const OPENING_REQUEST_LIVES = 86_400_000_000n

export async function openIdentityVault(options: VaultOptions): Promise<IdentityVault> {
  const { store, log, reader, clock, newId } = options
  const cipher = await vaultCipher(options.secret)

  const undecided = async (id: string): Promise<OpeningRequest> => {
    const request = await store.request(id)
    if (request === null) throw new VaultRefusedError('unknown')
    if (request.outcome !== null) throw new VaultRefusedError('decided')
    return request
  }

  const seal = async (pseudonym: Pseudonym, { issuer, externalId }: Identity): Promise<void> =>
    store.keep({ pseudonym, sealed: await cipher.seal(pseudonym, JSON.stringify({ issuer, externalId })) })

  const unsealed = async (pseudonym: Pseudonym): Promise<Identity> => {
    const kept = await store.find(pseudonym)
    const text = kept === null ? null : await cipher.open(pseudonym, kept.sealed)
    if (text === null) throw new VaultRefusedError('damaged')
    return JSON.parse(text) as Identity
  }

  const record = (
    kind: 'identity-requested' | 'identity-opened' | 'identity-refused',
    { id, pseudonym, caseId, reason, requestedBy }: OpeningRequest,
    operator: string,
  ): Promise<unknown> =>
    log.append(
      actDraft(kind, {
        ...{ requestId: id, operator },
        detail: { pseudonym, case: caseId, reason, requestedBy },
      }),
    )

  return {
    enroll: async (identity, contract) => {
      const pseudonym = cipher.pseudonymOf(JSON.stringify([identity.issuer, identity.externalId]), contract)
      await seal(pseudonym, identity)
      return pseudonym
    },
    seal,

    request: async ({ pseudonym, caseId, reason, by }) => {
      if (caseId.trim() === '') throw new VaultRefusedError('no-case')
      if (reason.trim().length < MIN_REASON_CHARS) throw new VaultRefusedError('no-reason')
      if ((await store.find(pseudonym)) === null) throw new VaultRefusedError('unknown')
      const undecidedYet = { outcome: null, decidedBy: null, decidedAt: null } as const
      const request = {
        id: newId(),
        pseudonym,
        caseId,
        reason,
        requestedBy: by,
        requestedAt: clock.now(),
        ...undecidedYet,
      }
      await record('identity-requested', request, by)
      await store.addRequest(request)
      return request
    },

    pending: () => store.pending(),

    approve: async (id, by) => {
      const request = await undecided(id)
      if (mayBeSamePerson(request.requestedBy, by)) throw new VaultRefusedError('same-person')
      const now = clock.now()
      if (now - request.requestedAt > OPENING_REQUEST_LIVES) throw new VaultRefusedError('expired')
      const identity = await unsealed(request.pseudonym)
      if (!(await store.decide(id, { outcome: 'opened', decidedBy: by, decidedAt: now })))
        throw new VaultRefusedError('decided')
      await record('identity-opened', request, by)
      return identity
    },

    refuse: async (id, by) => {
      await record('identity-refused', await undecided(id), by)
      if (!(await store.decide(id, { outcome: 'refused', decidedBy: by, decidedAt: clock.now() })))
        throw new VaultRefusedError('decided')
    },

    openingsOf: (pseudonym) => openingsOf(reader, pseudonym),

    openedFor: async (caseId, pseudonyms) => {
      const openings = [...(await openingsForCase(reader, caseId, pseudonyms))]
      return Promise.all(
        openings
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(async ([pseudonym, opening]) => ({
            ...{ pseudonym, opening, identity: await unsealed(pseudonym) },
          })),
      )
    },
  }
}
