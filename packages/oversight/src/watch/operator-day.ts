import type { SubjectLookup } from '@varco/access-log'
import type { AlertRuleId } from '../alerts/alert.ts'
import type { Fact } from '../alerts/fact.ts'

/** What a rule has noted of one operator on one day. */
export interface Mark {
  count: number
  readonly people: Set<SubjectLookup>
  readonly events: string[]
  readonly facts: Fact[]
  firstAt: number
  lastAt: number
}

/**
 * What the watch remembers of one pseudonym's day, for as long as the longest rule looks back and no longer: enough to go on
 * from after a crash, too little to tell how somebody works.
 */
export interface OperatorDay {
  readonly operator: string
  /** Days since 1970-01-01 where the body is. */
  readonly day: number
  readonly contract: string | null
  readonly role: string
  readonly unit: string
  /** Whose records were shown. */
  readonly people: Set<SubjectLookup>
  /** Of these, those nothing explains, with the keyed hash of their municipality or nothing. */
  readonly loose: Map<SubjectLookup, string>
  readonly marks: Map<AlertRuleId, Mark>
}

const LOOKUP_BYTES = 16
const NO_PLACE = '\0'.repeat(LOOKUP_BYTES)

/** As stored: JSON, the sets of lookups packed. */
export interface StoredProfile {
  readonly people: string
  readonly loose: string
  readonly marks: readonly (Omit<Mark, 'people'> & { readonly rule: AlertRuleId; readonly people: string })[]
}

export function packDay({ people, loose, marks }: OperatorDay): StoredProfile {
  return {
    people: pack([...people]),
    loose: pack([...loose].flatMap(([lookup, place]) => [lookup, place === '' ? NO_PLACE : place])),
    marks: [...marks].map(([rule, mark]) => ({ rule, ...mark, people: pack([...mark.people]) })),
  }
}

export function unpackDay(
  row: Pick<OperatorDay, 'operator' | 'day' | 'contract' | 'role' | 'unit'>,
  profile: StoredProfile,
): OperatorDay {
  const loose = unpack(profile.loose)
  const pairs = Array.from({ length: loose.length / 2 }, (_, i) => {
    const place = loose[i * 2 + 1] ?? NO_PLACE
    return [loose[i * 2] as SubjectLookup, place === NO_PLACE ? '' : place] as const
  })
  return {
    ...row,
    people: new Set(unpack(profile.people) as SubjectLookup[]),
    loose: new Map(pairs),
    marks: new Map(
      profile.marks.map(({ rule, people, ...mark }) => [
        rule,
        {
          ...mark,
          events: [...mark.events],
          facts: [...mark.facts],
          people: new Set(unpack(people) as SubjectLookup[]),
        },
      ]),
    ),
  }
}

function pack(lookups: readonly string[]): string {
  return Buffer.from(lookups.join(''), 'latin1').toString('base64')
}

function unpack(text: string): string[] {
  const bytes = Buffer.from(text, 'base64').toString('latin1')
  return Array.from({ length: bytes.length / LOOKUP_BYTES }, (_, i) =>
    bytes.slice(i * LOOKUP_BYTES, (i + 1) * LOOKUP_BYTES),
  )
}
