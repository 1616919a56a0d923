import type { ContractId, PurposeId, ResourceName } from '@varco/core'
import type { Bundle, Contract } from '../bundle/bundle.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { ReasonCode } from './reasons.ts'
import type { AccessRequest, ContractFacts } from './request.ts'
import { INTERNAL, type Gate, type GateOf } from './rule-index.ts'
import type { Requirements } from './judge.ts'

/** What stands between a request and the rules, in the order in which it is asked. `null`: the rules decide. */
export function refusal(bundle: Bundle, request: AccessRequest): ReasonCode | null {
  if (!bundle.resources.has(request.resource as ResourceName)) return 'unknown-resource'
  const contract = request.contract === null ? null : bundle.contracts.get(request.contract.id)
  if (contract === undefined) return 'unknown-contract'
  if (contract !== null && request.contract !== null) {
    const ended = contractRefusal(contract, request.contract, request)
    if (ended !== null) return ended
  }
  if (request.purpose === null) return 'no-purpose'
  if (!bundle.purposes.has(request.purpose as PurposeId)) return 'unknown-purpose'
  return contract !== null &&
    isOutsideAnnex(contract, request.purpose) &&
    contract.document.mode === 'enforce'
    ? 'outside-annex'
    : null
}

/** The same for the hot path, from what a plan knows beforehand: whether `refusal` would be `null`. */
export function passes(gate: Gate, { contract, now }: AccessRequest): boolean {
  if (gate.closed) return false
  if (contract === null || gate.from === null || gate.to === null) return contract === null
  return (contract.state === 'active' || contract.state === 'notice') && now >= gate.from && now < gate.to
}

/** What can be known of a contract and a purpose before anybody asks. */
export function gateOf(
  contracts: ReadonlyMap<ContractId, Contract>,
  purposes: ReadonlyMap<PurposeId, unknown>,
): GateOf {
  return (contractId, purpose) => {
    const known = purposes.has(purpose as PurposeId)
    if (contractId === INTERNAL) return { closed: !known, from: null, to: null }
    const contract = contracts.get(contractId as ContractId)
    if (contract === undefined) return { closed: true, from: null, to: null }
    const barred = contract.document.mode === 'enforce' && isOutsideAnnex(contract, purpose)
    return { closed: !known || barred, from: contract.from, to: contract.to }
  }
}

/** Work outside the annex under a contract that is only observed: let through, and marked. */
export function isObserved(bundle: Bundle, request: AccessRequest): boolean {
  const contract = request.contract === null ? undefined : bundle.contracts.get(request.contract.id)
  return contract !== undefined && request.purpose !== null && isOutsideAnnex(contract, request.purpose)
}

function isOutsideAnnex(contract: Contract, purpose: string): boolean {
  return !contract.purposes.has(purpose as PurposeId)
}

function contractRefusal(
  contract: Contract,
  facts: ContractFacts,
  request: AccessRequest,
): ReasonCode | null {
  if (request.now < contract.from) return 'contract-not-started'
  if (request.now >= contract.to) return 'contract-ended'
  switch (facts.state) {
    case 'active':
    case 'notice':
      return null
    case 'terminated':
    case 'returning':
    case 'verified':
    case 'closed':
      return 'contract-ended'
    case 'insolvent':
    case 'frozen':
    case 'draft':
      return 'contract-not-active'
  }
}

/** The first requirement of a permit that the request does not meet, or `null`. */
export function unmetRequirement(rule: CompiledRule, request: AccessRequest): ReasonCode | null {
  return unmet(rule.document.require, request)
}

/** The same of what a rule requires, without the rule. */
export function unmet({ ticket, grant }: Requirements, request: AccessRequest): ReasonCode | null {
  return (ticket === 'open' ? unmetTicket(request) : null) ?? (grant ? unmetGrant(request) : null)
}

function unmetTicket({ ticket, now, purpose }: AccessRequest): ReasonCode | null {
  if (ticket === null) return 'no-ticket'
  if (ticket === 'unknown') return 'unknown-ticket'
  if (ticket.status === 'closed') return 'ticket-closed'
  if (ticket.openedAt > now) return 'ticket-later'
  return ticket.purpose === purpose ? null : 'ticket-other-purpose'
}

/** Which records it is for is a condition of the rule (`compileRule`); everything else of its matter is held here. */
function unmetGrant({ grant, now, resource, action, purpose, ticket }: AccessRequest): ReasonCode | null {
  if (grant === null) return 'no-grant'
  if (grant.resource !== resource) return 'grant-other-resource'
  if (grant.action !== action) return 'grant-other-action'
  if (grant.purpose !== purpose) return 'grant-other-purpose'
  if (grant.ticket !== null) {
    if (ticket === null || ticket === 'unknown' || ticket.id !== grant.ticket) return 'grant-other-ticket'
    if (ticket.status === 'closed') return 'ticket-closed'
  }
  return grant.expiresAt > now ? null : 'grant-expired'
}
