import { subjectLookup, type SubjectLookup } from '@varco/access-log'
import { UnavailableError } from '@varco/core'
import type {
  GrantFacts,
  PeopleFacts,
  PersonFacts,
  StaffFacts,
  StaffMember,
  TicketFacts,
  WatchedTicket,
} from '@varco/oversight'
import type { Bundle } from '@varco/policy'
import type { KeyObject } from 'node:crypto'
import type { Database } from './database.ts'
import { uuidText } from './log-search.ts'

type Pooled = Pick<Database, 'pool'>

/** As 16 bytes in latin1, the form in which the log's lookups travel. */
export function latin1OfUuid(uuid: string): SubjectLookup {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1') as SubjectLookup
}

async function ask<Row>({ pool }: Pooled, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  try {
    return (await pool.query<Row & Record<string, unknown>>(text, [...values])).rows
  } catch (cause) {
    throw new UnavailableError('oversight', { cause })
  }
}

interface PersonRow {
  readonly lookup: string
  readonly identity: string | null
  readonly household: string | null
  readonly family: string | null
  readonly chance: number | null
  readonly place: string | null
  readonly region: string | null
  readonly vip: boolean
  readonly canary: boolean
}

/** Data subjects by the hashes that `indexPeople` keeps, and the lists kept by hand. */
export function postgresPeopleFacts(database: Pooled): PeopleFacts {
  return {
    about: async (lookups) => {
      const rows = await ask<PersonRow>(database, PEOPLE, [lookups.map(uuidText)])
      return new Map(rows.map((row) => [latin1OfUuid(row.lookup), toPerson(row)]))
    },
  }
}

/** The lists are short, the people many: each list is read once, and not for each of them. */
const PEOPLE = `SELECT asked.lookup, p.identity, p.household, p.family, p.chance, p.place, p.region,
    coalesce(p.vip, false) OR coalesce('vip' = ANY(l.lists), false) AS vip, coalesce('canary' = ANY(l.lists), false) AS canary
  FROM unnest($1::uuid[]) AS asked (lookup)
  LEFT JOIN varco.oversight_people p USING (lookup)
  LEFT JOIN (SELECT lookup, array_agg(list) AS lists FROM varco.oversight_lists WHERE lookup = ANY($1::uuid[]) GROUP BY lookup) l
    USING (lookup)
  WHERE p.lookup IS NOT NULL OR l.lookup IS NOT NULL`

function toPerson({
  identity,
  household,
  family,
  chance,
  place,
  region,
  vip,
  canary,
}: PersonRow): PersonFacts {
  return {
    ...{ identity, household, region, vip, canary },
    family: family === null || chance === null ? null : { hash: family, chance },
    place: place === null ? null : latin1OfUuid(place),
  }
}

interface StaffRow extends Pick<
  StaffMember,
  'pseudonym' | 'contract' | 'unit' | 'role' | 'identity' | 'household' | 'family'
> {
  readonly attributes: string
  readonly from_us: string
  readonly to_us: string | null
}

/** Who works, from the engagement's state, and their hashes where their employer gave what they are made from. */
export function postgresStaffFacts(database: Pooled): StaffFacts {
  return {
    all: async () => {
      const rows = await ask<StaffRow>(database, STAFF, [])
      return new Map(rows.map((row) => [row.pseudonym, toStaff(row)]))
    },
    endedContracts: async () => {
      const rows = await ask<{ contract: string; since_us: string }>(
        database,
        `SELECT contract, since_us FROM varco.contract_states WHERE state NOT IN ('draft', 'active', 'notice')`,
        [],
      )
      return new Map(rows.map(({ contract, since_us: since }) => [contract, Number(since)]))
    },
  }
}

const STAFF = `SELECT a.pseudonym, a.contract, a.unit, a.role, a.attributes, a.from_us, a.to_us,
    s.identity, s.household, s.family
  FROM varco.assignments a LEFT JOIN varco.oversight_staff s USING (pseudonym)
  ORDER BY a.from_us`

function toStaff({ attributes, from_us: from, to_us: to, ...row }: StaffRow): StaffMember {
  const entries = Object.entries(JSON.parse(attributes) as Record<string, unknown>)
  const lists = entries.filter((entry): entry is [string, readonly string[]] => Array.isArray(entry[1]))
  return { ...row, lists: new Map(lists), from: Number(from), to: to === null ? null : Number(to) }
}

/** When grants were given, from the engagement's state. */
export function postgresGrantFacts(database: Pooled): GrantFacts {
  return {
    decidedAt: async (ids) => {
      const rows = await ask<{ id: string; decided_us: string }>(
        database,
        `SELECT id, decided_us FROM varco.grants WHERE id = ANY($1) AND decided_us IS NOT NULL AND expires_us IS NOT NULL`,
        [ids],
      )
      return new Map(rows.map(({ id, decided_us: at }) => [id, Number(at)]))
    },
  }
}

interface TicketRow {
  readonly id: string
  readonly contract: string | null
  readonly data_subject: string | null
  readonly purpose: string
  readonly opened_us: string
  readonly closed_us: string | null
}

/** Of each column the tickets' values as a JSON array, all in one order; `null` where there are none. */
type OpenedRow = Readonly<Record<'ids' | 'data_subjects' | 'purposes' | 'opened' | 'closed', string | null>>

const TICKETS = 'SELECT id, contract, data_subject, purpose, opened_us, closed_us FROM varco.tickets'
/** A column at a time: a driver's object for each ticket costs more than all that the watch does with it. */
const OPENED = `SELECT json_agg(id) AS ids, json_agg(data_subject) AS data_subjects, json_agg(purpose) AS purposes,
    json_agg(opened_us) AS opened, json_agg(closed_us) AS closed
  FROM (${TICKETS} WHERE opened_us >= $1 AND opened_us < $2 AND $WHO ORDER BY opened_us, id) t`
const REPEATED = `SELECT id, contract, data_subject, purpose, opened_us, closed_us FROM varco.tickets
  JOIN (SELECT contract, purpose, data_subject FROM varco.tickets
    WHERE opened_us >= $1 AND opened_us < $2 AND contract IS NOT NULL AND data_subject IS NOT NULL
    GROUP BY contract, purpose, data_subject HAVING count(*) >= $3) repeated USING (contract, purpose, data_subject)
  WHERE opened_us >= $1 AND opened_us < $2 ORDER BY opened_us, id`
/** Lookups that are remembered: a ticket is asked for by each of its accesses. */
const MAX_REMEMBERED = 100_000

/** A piece of a longer text as a text of its own: it is compared with each access's, and faster so. */
function ofItsOwn(lookup: SubjectLookup): SubjectLookup {
  return Buffer.from(lookup, 'latin1').toString('latin1') as SubjectLookup
}

/** Tickets, their data subjects turned into lookups at once: a ticket does not say of which kind its data subject is. */
export function postgresTicketFacts(
  database: Pooled,
  options: { readonly key: KeyObject; readonly bundle: () => Bundle },
): TicketFacts {
  const lookup = subjectLookup(options.key, { remembers: false })
  const remembered = new Map<string, readonly SubjectLookup[]>()
  const subjectsOf = (id: string | null): readonly SubjectLookup[] => {
    if (id === null) return []
    const known = remembered.get(id)
    if (known !== undefined) return known
    const kinds = Object.keys(options.bundle().document.varco.data_subjects)
    const made = kinds.map((kind) => ofItsOwn(lookup({ kind, id })))
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(id, made)
    return made
  }
  const toTicket = (row: TicketRow): WatchedTicket => ({
    id: row.id,
    contract: row.contract,
    purpose: row.purpose,
    subjects: subjectsOf(row.data_subject),
    openedAt: Number(row.opened_us),
    closedAt: row.closed_us === null ? null : Number(row.closed_us),
  })
  return {
    byId: async (ids) => {
      const rows = await ask<TicketRow>(database, `${TICKETS} WHERE id = ANY($1)`, [ids])
      return new Map(rows.map((row) => [row.id, toTicket(row)]))
    },
    openedBetween: async (contract, from, to) => {
      const who = contract === null ? 'contract IS NULL' : 'contract = $3'
      const values = contract === null ? [from, to] : [from, to, contract]
      const [row] = await ask<OpenedRow>(database, OPENED.replace('$WHO', who), values)
      if (row?.ids == null) return []
      const column = (json: string | null): readonly unknown[] => JSON.parse(json ?? '[]') as unknown[]
      const [ids, dataSubjects, purposes] = [row.ids, row.data_subjects, row.purposes].map(column) as [
        readonly string[],
        readonly (string | null)[],
        readonly string[],
      ]
      const [opened, closed] = [row.opened, row.closed].map(column) as [
        readonly number[],
        readonly (number | null)[],
      ]
      return ids.map((id, i) => ({
        ...{ id, contract, purpose: purposes[i] ?? '', subjects: subjectsOf(dataSubjects[i] ?? null) },
        ...{ openedAt: opened[i] ?? 0, closedAt: closed[i] ?? null },
      }))
    },
    repeatedBetween: async (from, to, atLeast) => {
      const rows = await ask<TicketRow>(database, REPEATED, [from, to, atLeast])
      return rows.map(toTicket)
    },
  }
}
