import {
  asId,
  isId,
  type ContractId,
  type GrantId,
  type Micros,
  type OperatorId,
  type ProcessorId,
  type Pseudonym,
  type TicketId,
} from '@varco/core'
import type {
  Bundle,
  Contract,
  ContractFacts,
  GrantFacts,
  Principal,
  ReasonCode,
  TicketFacts,
} from '@varco/policy'
import type { Assignment, ContractState, EngagementStore, KnownOperator } from '../facts.ts'
import { grantFacts, type Grant } from '../grants/grant.ts'
import { holdsAt } from '../instructions/instruction.ts'

/** Who asks, from a token whose signature, issuer and audience have been checked, and under what they say they ask. */
export interface Caller {
  readonly issuer: string
  /** The token's `sub`. */
  readonly externalId: string
  /** As sent. */
  readonly ticket: string | null
  readonly grant: string | null
}

/** What the access log says of who asked; `null` where it is not known. */
export interface Attribution {
  readonly operator: Pseudonym | null
  readonly processor: ProcessorId | null
  readonly contract: ContractId | null
  readonly role: string | null
  readonly unit: string | null
}

/** Everything a decision needs beside the question itself, or why there can be none. */
export type Context =
  | {
      readonly established: true
      readonly attribution: Attribution
      /** Internal key of whoever asks; never in the log. */
      readonly operator: OperatorId
      readonly principal: Principal
      readonly contract: ContractFacts | null
      readonly ticket: TicketFacts | 'unknown' | null
      readonly grant: GrantFacts | null
      /** On whose orders, as they said beforehand; it says nothing of whether they may. */
      readonly instructedBy: string | null
    }
  | { readonly established: false; readonly attribution: Attribution; readonly reason: ReasonCode }

/**
 * Finds out as whom, under which contract and for which ticket somebody asks. An issuer vouches for the contracts of
 * its own processor only, the body's issuer for the body's own staff only.
 * @throws UnavailableError when the engagement's state cannot be learnt
 */
export async function establishContext(
  store: EngagementStore,
  bundle: Bundle,
  caller: Caller,
  now: Micros,
): Promise<Context> {
  const vouchedFor = bundle.issuers.get(caller.issuer)
  if (vouchedFor === undefined) return refused('no-assignment', NOBODY)
  const [person, ticket, grant] = await Promise.all([
    store.whoIs(caller.issuer, caller.externalId, now),
    findTicket(store, caller.ticket),
    findGrant(store, caller.grant),
  ])
  const assignment = soleAssignment(person?.assignments ?? [], bundle, vouchedFor, now)
  if (person === null || assignment === null)
    return refused('no-assignment', { ...NOBODY, processor: vouchedFor })
  if (assignment === 'several') return refused('ambiguous-assignment', { ...NOBODY, processor: vouchedFor })

  const { pseudonym, contract: contractId, role, unit } = assignment
  const attribution: Attribution = {
    operator: pseudonym,
    processor: vouchedFor,
    contract: contractId,
    role,
    unit,
  }
  const contract = contractId === null ? null : await liveContract(store, contractId, vouchedFor)
  if (contract === 'unknown') return refused('state-unknown', attribution)
  return {
    established: true,
    attribution,
    operator: person.operator.id,
    principal: principalOf(assignment, person.operator.kind),
    contract,
    // A ticket of another contract is no ticket here, and whether it exists is not told.
    ticket: ticket === null || ticket === 'unknown' || ticket.contract === contractId ? ticket : 'unknown',
    grant: grant !== null && isFor(grant, assignment) ? factsOfGrant(grant) : null,
    instructedBy: instructionOf(person, pseudonym, now),
  }
}

/*
 * The same facts are the same object each time, as long as the store gives the same: so that whoever decides on them can
 * remember what they decided.
 */
const PRINCIPALS = new WeakMap<Assignment, Principal>()
const CONTRACTS = new WeakMap<ContractState, ContractFacts>()
const GRANTS = new WeakMap<Grant, GrantFacts>()

function principalOf(assignment: Assignment, kind: Principal['kind']): Principal {
  const known = PRINCIPALS.get(assignment)
  if (known?.kind === kind) return known
  const { pseudonym, role, unit, attributes } = assignment
  const principal = { kind, pseudonym, role, unit, attributes }
  PRINCIPALS.set(assignment, principal)
  return principal
}

function factsOfContract(live: ContractState): ContractFacts {
  const { contract: id, processor, state } = live
  const facts = CONTRACTS.get(live) ?? { id, processor, state }
  CONTRACTS.set(live, facts)
  return facts
}

function factsOfGrant(grant: Grant): GrantFacts | null {
  const facts = GRANTS.get(grant) ?? grantFacts(grant)
  if (facts !== null) GRANTS.set(grant, facts)
  return facts
}

function instructionOf({ instructions = [] }: KnownOperator, by: Pseudonym, now: Micros): string | null {
  const said = instructions.find((each) => each.pseudonym === by && holdsAt(each, now))
  return said?.instructedBy ?? null
}

const NOBODY: Attribution = { operator: null, processor: null, contract: null, role: null, unit: null }

function refused(reason: ReasonCode, attribution: Attribution): Context {
  return { established: false, reason, attribution }
}

async function findTicket(
  store: EngagementStore,
  sent: string | null,
): Promise<(TicketFacts & { readonly contract: ContractId | null }) | 'unknown' | null> {
  if (sent === null) return null
  return isId(sent) ? ((await store.ticket(asId<TicketId>(sent))) ?? 'unknown') : 'unknown'
}

async function findGrant(store: EngagementStore, sent: string | null): Promise<Grant | null> {
  return sent === null || !isId(sent) ? null : store.grant(asId<GrantId>(sent))
}

/** A grant serves the person it was given to, in the work they asked for it in: it moves with nobody to another contract. */
function isFor(grant: Grant, { operator, pseudonym, contract }: Assignment): boolean {
  return grant.operator === operator && grant.pseudonym === pseudonym && grant.contract === contract
}

/**
 * The one assignment the issuer may vouch for; among several, the one whose contract runs at `now`.
 * Which of two that both do is not for us to choose.
 */
function soleAssignment(
  assignments: readonly Assignment[],
  bundle: Bundle,
  vouchedFor: ProcessorId | null,
  now: Micros,
): Assignment | 'several' | null {
  const vouched = assignments.filter(({ contract }) =>
    contract === null
      ? vouchedFor === null
      : vouchedFor !== null && bundle.contracts.get(contract)?.processor === vouchedFor,
  )
  const [first, ...others] = vouched
  if (first === undefined || others.length === 0) return first ?? null
  const running = vouched.filter(
    ({ contract }) => contract !== null && runs(bundle.contracts.get(contract), now),
  )
  const [only, ...rest] = running
  return only === undefined || rest.length > 0 ? 'several' : only
}

function runs(contract: Contract | undefined, now: Micros): boolean {
  return contract !== undefined && contract.from <= now && now < contract.to
}

/** The contract with its live state. One whose state nobody recorded, or recorded under another company, is unknown. */
async function liveContract(
  store: EngagementStore,
  id: ContractId,
  processor: ProcessorId | null,
): Promise<ContractFacts | 'unknown'> {
  const live = await store.contractState(id)
  if (live === null || live.processor !== processor) return 'unknown'
  return factsOfContract(live)
}
