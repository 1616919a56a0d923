import { CANARY_TOUCHED, type SubjectLookup } from '@varco/access-log'
import type { Fact } from '../alerts/fact.ts'
import type { PersonFacts } from '../facts/people-facts.ts'
import type { StaffMember } from '../facts/staff-facts.ts'
import type { AccessCase, AccessRule, Note } from './access-case.ts'

const NO_FACTS: readonly Fact[] = []

/** One's own records. */
export const self: AccessRule = (access) => {
  const { worker } = access
  if (worker === null || worker.identity === null) return null
  return noteOf(access, 'self', ({ identity }) =>
    identity === worker.identity ? [{ code: 'own-data' }] : NO_FACTS,
  )
}

/** Somebody at the same address, or with the same surname in a municipality where chance would hardly have it. */
export const family: AccessRule = (access) => {
  const { worker, settings } = access
  if (worker === null) return null
  const { chance_at_most: most } = settings.alerts.family
  return noteOf(access, 'family', (person) =>
    person.identity !== null && person.identity === worker.identity
      ? NO_FACTS
      : kinship(worker, person, most),
  )
}

function kinship(
  worker: StaffMember,
  { household, family: name }: PersonFacts,
  most: number,
): readonly Fact[] {
  const isHousehold = household !== null && household === worker.household
  const isNamesake = name !== null && name.hash === worker.family && name.chance <= most
  if (!isHousehold && !isNamesake) return NO_FACTS
  const facts: Fact[] = []
  if (isHousehold) facts.push({ code: 'same-household' })
  if (isNamesake) facts.push({ code: 'rare-surname', expected: name.chance })
  return facts
}

/** Somebody who worked for the same company, or the same unit of the body, at the time. */
export const colleague: AccessRule = (access) => {
  const { worker, around, event } = access
  if (worker === null) return null
  return noteOf(access, 'colleague', ({ identity }) => {
    if (identity === null || identity === worker.identity) return NO_FACTS
    const there = around.staffByIdentity
      .get(identity)
      ?.some(
        ({ contract, from, to }) =>
          contract === worker.contract && from <= event.at && (to === null || event.at < to),
      )
    return there === true ? [{ code: 'colleague' }] : NO_FACTS
  })
}

export const vip: AccessRule = (access) =>
  noteOf(access, 'vip', (person) => (person.vip && !person.canary ? [{ code: 'on-vip-list' }] : NO_FACTS))

/** A record that the catalogue names as one that no honest task touches, or any of somebody who does not exist. */
export const canary: AccessRule = (access) =>
  canaryRecord(access) ??
  noteOf(access, 'canary', (person) => (person.canary ? [{ code: 'canary' }] : NO_FACTS))

/** Which of the records it was the log does not say; it may be nobody's, and one is enough whatever the rule's measure. */
function canaryRecord(access: AccessCase): Note | null {
  const { decision, reasons, subjects } = access.event
  if (decision !== 'permit' || !reasons.includes(CANARY_TOUCHED)) return null
  const people = access.unexplained('canary')
  if (people.length === 0 && subjects.length > 0) return null
  return { people, facts: [{ code: 'canary-record' }], atOnce: true }
}

type PersonRule = 'self' | 'family' | 'colleague' | 'vip' | 'canary'

function noteOf(
  access: AccessCase,
  rule: PersonRule,
  factsOf: (person: PersonFacts) => readonly Fact[],
): Note | null {
  if (access.known.length === 0) return null
  const facts: Fact[] = []
  const people: SubjectLookup[] = []
  let unexplained: readonly SubjectLookup[] | null = null
  for (const { lookup, person } of access.known) {
    const found = factsOf(person)
    if (found.length === 0) continue
    unexplained ??= access.unexplained(rule)
    if (!unexplained.includes(lookup)) continue
    people.push(lookup)
    facts.push(...found)
  }
  return people.length === 0 ? null : { people, facts }
}
