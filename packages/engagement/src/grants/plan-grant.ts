import { asId, type GrantId, type Micros, type PurposeId, type ResourceName } from '@varco/core'
import {
  decide,
  isOpenTo,
  type AccessRequest,
  type Action,
  type ContractFacts,
  type Principal,
  type TicketFacts,
} from '@varco/policy'
import type { Actor } from '../actor.ts'
import type { Grant, GrantMatter } from './grant.ts'
import type { GrantDesk, Occasion } from './grant-desk.ts'
import { refuseGrant, type GrantRefused } from './grant-refusals.ts'
import { grantSettings, type GrantSettings } from './grant-settings.ts'

/** Who asks, as the context step established it. */
export interface Asker {
  readonly actor: Actor
  readonly principal: Principal
  readonly contract: ContractFacts | null
  readonly ticket: TicketFacts | 'unknown' | null
}

/** What is asked for, as sent. */
export interface WantedGrant {
  readonly resource: string
  readonly record: string | null
  readonly dataSubject: string | null
  readonly action: Action
  readonly purpose: string | null
  readonly reason: string
  /** `null`: as long as the bundle lets it last. */
  readonly minutes: number | null
}

export interface GrantPlan {
  readonly grant: Grant
  readonly settings: GrantSettings
}

const LONGEST_KEY = 256

/**
 * A grant is asked for within the rules: it is planned only where a rule that requires one would let the asker in with it.
 * It can widen nothing the bundle did not foresee.
 */
export function planGrant(
  { newGrantId }: Pick<GrantDesk, 'newGrantId'>,
  { bundle, now }: Occasion,
  asker: Asker,
  wanted: WantedGrant,
): GrantPlan | GrantRefused {
  const settings = grantSettings(bundle)
  const { principal, contract, ticket, actor } = asker
  const resource = bundle.resources.get(wanted.resource as ResourceName)
  // What is none of the asker's business answers as what does not exist.
  if (resource === undefined || !isOpenTo(bundle.rules, { principal, contract, resource: wanted.resource }))
    return refuseGrant('unknown-resource')
  const { owner } = resource.document
  if (settings === null || owner === undefined) return refuseGrant('grants-not-given')
  if (!isOneMatter(wanted)) return refuseGrant('grant-too-wide')
  if (ticket === null) return refuseGrant('no-ticket')
  if (ticket === 'unknown') return refuseGrant('unknown-ticket')
  if (ticket.status === 'closed') return refuseGrant('ticket-closed')
  if (ticket.purpose !== wanted.purpose) return refuseGrant('ticket-other-purpose')
  if (wanted.dataSubject !== null && wanted.dataSubject !== ticket.dataSubject)
    return refuseGrant('other-data-subject')
  const minutes = wanted.minutes ?? settings.longest_minutes
  if (minutes > settings.longest_minutes) return refuseGrant('grant-too-long')

  const matter: GrantMatter = {
    resource: resource.name,
    record: wanted.record,
    dataSubject: wanted.dataSubject,
    action: wanted.action,
    purpose: asId<PurposeId>(wanted.purpose),
    ticket: ticket.id,
  }
  const grant: Grant = {
    id: newGrantId(),
    operator: actor.operator,
    pseudonym: actor.pseudonym,
    processor: actor.processor,
    contract: actor.contract,
    role: actor.role,
    unit: actor.unit,
    matter,
    reason: wanted.reason,
    owner,
    norm: null,
    askedAt: now,
    minutes,
    state: 'asked',
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    revokedBy: null,
    revokedAt: null,
    emergency: null,
    revision: 0,
  }
  const request: AccessRequest = {
    ...{ now, principal, contract, ticket, purpose: matter.purpose },
    ...{ action: matter.action, resource: matter.resource },
    grant: { id: asId<GrantId>('asked'), expiresAt: now + 1n, ...matter },
  }
  const decision = decide(bundle, request)
  if (decision.effect === 'deny') return refuseGrant(decision.reasons[0]?.code ?? 'no-rule')
  const opening = decision.rules.flatMap((rule) => bundle.rules.byId.get(rule)?.document ?? [])
  const norms = opening.filter(({ require }) => require.grant).map(({ because }) => because)
  if (norms.length === 0) return refuseGrant('grant-not-needed')
  return { grant: { ...grant, norm: [...new Set(norms)].join('; ') }, settings }
}

function isOneMatter({ record, dataSubject }: WantedGrant): boolean {
  const given = [record, dataSubject].filter((key) => key !== null)
  return given.length > 0 && given.every((key) => key !== '' && key.length <= LONGEST_KEY)
}

/** When a grant of so many minutes ends: with the contract at the latest. */
export function grantEnd({ bundle, now }: Occasion, contract: Grant['contract'], minutes: number): Micros {
  const end = now + BigInt(minutes) * 60_000_000n
  const last = contract === null ? undefined : bundle.contracts.get(contract)?.to
  return last !== undefined && last < end ? last : end
}
