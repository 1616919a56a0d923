import { InvariantError } from '@varco/core'
import { randomFrom, type Random } from '../sample/random.ts'
import { contactCentreWork } from './contact-centre-work.ts'
import type { CastMember, DayCast } from './day-cast.ts'
import { aboutProducer, internalTicketWork, listWork } from './internal-work.ts'
import type { DayPlan, PlannedRequest } from './planned-request.ts'
import { officerTrespasses } from './officer-trespasses.ts'
import { denied, type RequestDraft } from './request-draft.ts'
import { stageOf, type Stage } from './stage.ts'
import { TRESPASSES } from './trespasses.ts'

export interface PlanOptions {
  readonly seed: string
  /** At least this many. */
  readonly requests?: number
}

/** Somebody sits down and does these things, one after the other. */
interface Step {
  readonly member: CastMember
  readonly drafts: readonly RequestDraft[]
}

const REQUESTS = 2_400
/** Of one resource, by one person: below every budget of records an hour in the sample's rules. */
const LOOK_UPS_AT_MOST = 20
const ANTIMAFIA_LOOK_UPS_AT_MOST = 8
const EACH_TRESPASS_AT_LEAST = 4
/** Steps in a row that add nothing: everybody has done all they may. */
const IDLE_AT_MOST = 1_000

/** Decides every request of the day before any is sent; the same seed and cast give the same day. */
export function planDay(cast: DayCast, options: PlanOptions): DayPlan {
  const random = randomFrom(options.seed, 'day')
  const stage = stageOf(cast)
  const agenda = new Agenda()
  for (const step of protagonistSteps(stage)) agenda.add(step)
  for (const trespass of TRESPASSES) {
    for (let times = 0; times < EACH_TRESPASS_AT_LEAST; times++)
      agenda.add(trespassStep(stage, random, trespass))
  }
  for (const member of stage.officers) agenda.add(officerTrespassStep(member, stage, random))
  const target = options.requests ?? REQUESTS
  for (let idle = 0; agenda.requests.length < target; idle++) {
    if (idle > IDLE_AT_MOST) throw new InvariantError('the cast is too small for so many requests')
    if (agenda.add(random.weighted(MOMENTS)(stage, random))) idle = 0
  }
  const requests = shuffled(agenda.requests, random).map((request, index) => ({
    number: index + 1,
    ...request,
  }))
  return { requests, protagonist: cast.protagonist }
}

/** What is planned so far, and how often each looked into what. */
class Agenda {
  readonly requests: Omit<PlannedRequest, 'number'>[] = []
  readonly #lookUps = new Map<string, number>()

  /** Whether anything could be added. */
  add({ member, drafts }: Step): boolean {
    const before = this.requests.length
    for (const draft of drafts) {
      const kind = `${member.issuer} ${member.username} ${draft.resource}`
      const times = this.#lookUps.get(kind) ?? 0
      if (times >= (draft.resource === 'antimafia_check' ? ANTIMAFIA_LOOK_UPS_AT_MOST : LOOK_UPS_AT_MOST))
        continue
      this.#lookUps.set(kind, times + 1)
      this.requests.push(requestOf(member, draft))
    }
    return this.requests.length > before
  }
}

function requestOf(operator: CastMember, draft: RequestDraft): Omit<PlannedRequest, 'number'> {
  const { kind, resource, query, expect, purpose, ticket, instructedBy } = draft
  return {
    kind,
    operator,
    credential: draft.credential ?? 'own',
    resource,
    query,
    expect,
    headers: {
      'varco-workstation': operator.workstation,
      ...(purpose === undefined ? {} : { 'varco-purpose': purpose }),
      ...(ticket === undefined ? {} : { 'varco-ticket': ticket }),
      ...(instructedBy === undefined ? {} : { 'varco-instructed-by': instructedBy }),
    },
  }
}

type MakeStep = (stage: Stage, random: Random) => Step

/** What a moment of the day brings, and how often. */
const MOMENTS: readonly [readonly [MakeStep, number], ...(readonly [MakeStep, number])[]] = [
  [workStep, 48],
  [(stage, random) => trespassStep(stage, random, random.pick(TRESPASSES)), 34],
  [(stage, random) => listStep(random.pick(stage.officers)), 14],
  [internalTicketStep, 12],
  [(stage, random) => departedStep(random.pick(stage.departed), stage, random), 9],
  [(stage, random) => strangerStep(random.pick(stage.strangers), stage, random), 2],
]

/** A call comes in: the operator looks up what the caller asks about, rarely everything there is. */
function workStep(stage: Stage, random: Random): Step {
  const member = random.pick(stage.operators)
  const work = contactCentreWork(random.pick(stage.open(member.contract)))
  return { member, drafts: work.slice(0, random.int(1, work.length)) }
}

function trespassStep(stage: Stage, random: Random, trespass: (typeof TRESPASSES)[number]): Step {
  const member = random.pick(stage.operators)
  const ticket = random.pick(stage.openFor(member.contract, 'invoice-enquiry'))
  const closed = random.pick(stage.closedFor(member.contract, 'invoice-enquiry'))
  const { dataSubject } = random.pick(stage.open(member.contract))
  const stranger = dataSubject === ticket.dataSubject ? closed.dataSubject : dataSubject
  return { member, drafts: [trespass({ ticket, closed, stranger })] }
}

function officerTrespassStep(member: CastMember, stage: Stage, random: Random): Step {
  return {
    member,
    drafts: officerTrespasses(member, random.pick(stage.openFor(null, 'antimafia-evaluation'))),
  }
}

function listStep(member: CastMember): Step {
  return { member, drafts: listWork(member) }
}

function internalTicketStep(stage: Stage, random: Random): Step {
  const member = random.pick(stage.officers)
  return { member, drafts: internalTicketWork(member, random.pick(stage.open(null))) }
}

/** The company lost the contract, or its people left; the login was never taken away. */
function departedStep(member: CastMember, stage: Stage, random: Random): Step {
  const ticket = random.pick(stage.open(stage.operators[0].contract))
  return {
    member,
    drafts: [
      lastLook(
        member.standing === 'contract-ended' ? 'contract-ended' : 'no-assignment',
        ticket.dataSubject,
        ticket.id,
      ),
    ],
  }
}

/** One company's login for somebody another company employs: that login vouches for nobody there. */
function strangerStep(member: CastMember, stage: Stage, random: Random): Step {
  const ticket = random.pick(stage.open(stage.operators[0].contract))
  return {
    member,
    drafts: [
      { ...lastLook('no-assignment', ticket.dataSubject, ticket.id), kind: 'login of another company' },
    ],
  }
}

function lastLook(code: string, producer: string, ticket: string): RequestDraft {
  return {
    kind: 'work after the end',
    resource: 'invoice',
    query: { producer_id: `eq.${producer}`, select: 'number,amount,status' },
    purpose: 'invoice-enquiry',
    ticket,
    expect: denied(code),
  }
}

/** Everybody who looks at the one citizen whose report will be read: companies old and new, units, desks. */
function protagonistSteps(stage: Stage): readonly Step[] {
  const { protagonist, tickets } = stage.cast
  const about = tickets.filter(
    ({ dataSubject, status }) => dataSubject === protagonist.id && status === 'open',
  )
  const calls = about
    .filter(({ contract }) => contract !== null)
    .flatMap((ticket, index) =>
      stage.operators
        .filter(({ contract }) => contract === ticket.contract)
        .slice(index, index + 1)
        .map((member) => ({ member, drafts: contactCentreWork(ticket) })),
    )
  const officers = stage.officers.map((member) => ({
    member,
    drafts: [
      ...aboutProducer(member, protagonist.id),
      ...about
        .filter(({ contract }) => contract === null)
        .flatMap((ticket) => internalTicketWork(member, ticket)),
    ],
  }))
  const tooLate = stage.departed.slice(0, 3).map((member) => ({
    member,
    drafts: [
      lastLook(
        member.standing === 'contract-ended' ? 'contract-ended' : 'no-assignment',
        protagonist.id,
        about[0]?.id ?? 'none',
      ),
    ],
  }))
  return [...calls, ...officers, ...tooLate]
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const mixed = [...items]
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.int(0, last)
    const moved = mixed[last] as T
    mixed[last] = mixed[other] as T
    mixed[other] = moved
  }
  return mixed
}
