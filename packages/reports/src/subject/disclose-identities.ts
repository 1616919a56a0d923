import type { AccessLogReader, IdentityVault } from '@varco/access-log'
import { InvariantError, microsToIso } from '@varco/core'
import type { Checkpoints } from '../report/checkpoints.ts'
import type { DisclosedIdentity } from './report.ts'

/** The request a report answers: its number is the case that staff's identities may be opened for. */
export interface AnsweredRequest {
  readonly number: string
  readonly vault: Pick<IdentityVault, 'openedFor'>
}

/**
 * Who the staff are that two people decided to name to this data subject, after weighing both sides (C-579/21): an opening of
 * the vault for the request's own number, with its reason. An opening for any other case names nobody here.
 * @param operators those who looked: nobody else is named
 * @throws InvariantError when the log does not prove such an opening
 */
export async function discloseIdentities(
  { number, vault }: AnsweredRequest,
  operators: ReadonlySet<string>,
  reader: Pick<AccessLogReader, 'prove'>,
  checkpoints: Checkpoints,
): Promise<DisclosedIdentity[]> {
  const opened = await vault.openedFor(number, operators)
  const disclosed: DisclosedIdentity[] = []
  for (const { pseudonym, identity, opening } of opened) {
    const proof = await reader.prove(opening.event)
    if (proof === null) throw new InvariantError('the log does not prove the opening of an identity')
    disclosed.push({
      operator: pseudonym,
      issuer: identity.issuer,
      external_id: identity.externalId,
      balancing: {
        reason: opening.reason,
        requested_by: opening.requestedBy,
        approved_by: opening.approvedBy,
        at: microsToIso(opening.at),
        event: opening.event,
        proof: checkpoints.keep(proof),
      },
    })
  }
  return disclosed
}
