import {
  asId,
  isId,
  type ContractId,
  type Localized,
  type Micros,
  type OperatorId,
  type Pseudonym,
} from '@varco/core'
import type { Bundle } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import type { RowReport } from '../csv/import-report.ts'
import type { TableRow } from '../csv/read-table.ts'
import type { Assignment, Operator } from '../facts.ts'

/** Columns of a table of people, and whether they must be there. `to` and `contract` may be blank. */
export const PEOPLE_COLUMNS = {
  issuer: true,
  sub: true,
  kind: false,
  contract: true,
  role: true,
  unit: true,
  pseudonym: false,
  from: true,
  to: true,
  regions: false,
} as const

export const PEOPLE_REFUSALS = {
  'bad-value': { it: 'Un valore non ha la forma prevista.', en: 'A value does not have the expected form.' },
  'unknown-issuer': {
    it: 'Chi garantisce l’identità non è tra quelli previsti.',
    en: 'The issuer is not in the policy in force.',
  },
  'unknown-contract': { it: 'Il contratto non esiste.', en: 'There is no such contract.' },
  'other-issuer': {
    it: 'Chi garantisce l’identità non può farlo per questo contratto.',
    en: 'The issuer does not vouch for this contract.',
  },
  'unknown-role': { it: 'Il ruolo non esiste.', en: 'There is no such role.' },
  'unknown-unit': { it: 'L’unità non esiste.', en: 'There is no such unit.' },
  'ends-before-it-begins': {
    it: 'L’incarico finisce prima di cominciare.',
    en: 'The assignment ends before it begins.',
  },
  'outside-contract': {
    it: 'L’incarico esce dalla durata del contratto.',
    en: 'The assignment lies outside the contract’s time.',
  },
  overlaps: {
    it: 'La persona ha già un incarico in quei giorni.',
    en: 'The person has an assignment on those days already.',
  },
  'pseudonym-taken': {
    it: 'Lo pseudonimo è di un’altra persona o di un altro contratto.',
    en: 'The pseudonym is another person’s or another contract’s.',
  },
} as const satisfies Record<string, Localized>

export type PeopleRefusalCode = keyof typeof PEOPLE_REFUSALS

export interface PeoplePlan {
  readonly operators: readonly Operator[]
  readonly assignments: readonly Assignment[]
  /** Who stands behind each pseudonym of the table. */
  readonly identities: ReadonlyMap<Pseudonym, OperatorIdentity>
  readonly rows: readonly RowReport<PeopleRefusalCode>[]
}

export type OperatorIdentity = Pick<Operator, 'issuer' | 'externalId'>

/** What stands in the database in place of a person's `sub`; the key to it is kept outside. */
export type HideIdentity = (issuer: string, externalId: string) => string

/** `externalId` as it is kept: hidden. */
interface Everyone {
  readonly operators: readonly Operator[]
  readonly assignments: readonly Assignment[]
}

/**
 * Works out what a table of people comes to, row by row, without writing anything. Under a new contract a person gets a new
 * assignment and a new pseudonym: nothing of what they might do before comes along.
 * @param newPseudonym a free one for somebody of a contract (`null`: the body) that has none there yet
 * @param hide as the directory's own
 */
export function planPeople(
  bundle: Bundle,
  known: Everyone,
  rows: readonly TableRow[],
  newPseudonym: (contract: ContractId | null) => Pseudonym,
  hide: HideIdentity,
): PeoplePlan {
  const operators = new Map(known.operators.map(({ externalId, ...each }) => [externalId, each]))
  const assignments = [...known.assignments]
  const plan = {
    operators: new Map<OperatorId, Operator>(),
    assignments: new Map<string, Assignment>(),
    identities: new Map<Pseudonym, OperatorIdentity>(),
  }
  const reports = rows.map((row): RowReport<PeopleRefusalCode> => {
    const read = readRow(bundle, row)
    if (typeof read === 'string') return refused(row.line, read)
    const identity = hide(read.issuer, read.externalId)
    const operator = operators.get(identity) ?? { ...read.operator, id: idOf(bundle, read.issuer, identity) }
    const theirs = assignments.filter((each) => each.operator === operator.id)
    const earlier = theirs.find((each) => each.contract === read.contract)
    const pseudonym = read.pseudonym ?? earlier?.pseudonym ?? newPseudonym(read.contract)
    const holder = assignments.find((each) => each.pseudonym === pseudonym)
    if (holder !== undefined && (holder.operator !== operator.id || holder.contract !== read.contract))
      return refused(row.line, 'pseudonym-taken')
    const { contract, role, unit, attributes, from, to } = read
    const assignment: Assignment = {
      operator: operator.id,
      contract,
      pseudonym,
      role,
      unit,
      attributes,
      from,
      to,
    }
    const same = theirs.findIndex((each) => each.pseudonym === pseudonym && each.from === from)
    const others = theirs.filter((_, index) => index !== same)
    if (others.some((each) => overlap(each, assignment))) return refused(row.line, 'overlaps')
    const before = theirs[same]
    const isNewPerson = !operators.has(identity)
    const isUnchanged =
      before !== undefined && JSON.stringify(plain(before)) === JSON.stringify(plain(assignment))
    operators.set(identity, operator)
    if (before !== undefined) assignments.splice(assignments.indexOf(before), 1)
    assignments.push(assignment)
    if (isNewPerson) plan.operators.set(operator.id, { ...operator, externalId: read.externalId })
    plan.identities.set(pseudonym, { issuer: read.issuer, externalId: read.externalId })
    if (!isUnchanged) plan.assignments.set(`${operator.id} ${pseudonym} ${from}`, assignment)
    const outcome = isUnchanged ? 'unchanged' : before === undefined ? 'new' : 'changed'
    return { line: row.line, outcome, code: null, text: null }
  })
  return {
    operators: [...plan.operators.values()],
    assignments: [...plan.assignments.values()],
    identities: plan.identities,
    rows: reports,
  }
}

interface ReadPerson extends Pick<Operator, 'issuer' | 'externalId'> {
  readonly operator: Omit<Operator, 'id'>
  readonly contract: ContractId | null
  readonly pseudonym: Pseudonym | null
  readonly role: string
  readonly unit: string
  readonly attributes: Assignment['attributes']
  readonly from: Micros
  readonly to: Micros | null
}

function readRow(bundle: Bundle, { cells }: TableRow): ReadPerson | PeopleRefusalCode {
  const { varco } = bundle.document
  const text = (name: string): string => cells[name] ?? ''
  const issuer = text('issuer')
  const externalId = text('sub')
  const kind = text('kind') || 'person'
  const given = text('pseudonym')
  if (externalId === '' || externalId.length > 255 || /\p{Cc}/u.test(externalId)) return 'bad-value'
  if ((kind !== 'person' && kind !== 'workload') || (given !== '' && !isId(given))) return 'bad-value'
  const vouchedFor = bundle.issuers.get(issuer)
  if (vouchedFor === undefined) return 'unknown-issuer'
  const id = text('contract')
  const contract = id === '' ? null : bundle.contracts.get(asId<ContractId>(id))
  if (contract === undefined) return 'unknown-contract'
  if ((contract === null ? null : contract.processor) !== vouchedFor) return 'other-issuer'
  if (!Object.hasOwn(varco.roles, text('role'))) return 'unknown-role'
  if (!Object.hasOwn(varco.units, text('unit'))) return 'unknown-unit'
  const from = startOfDay(text('from'), 0, varco.time_zone)
  const to = text('to') === '' ? null : startOfDay(text('to'), 1, varco.time_zone)
  if (from === null || (to === null && text('to') !== '')) return 'bad-value'
  if (to !== null && to <= from) return 'ends-before-it-begins'
  if (contract !== null && (from < contract.from || from >= contract.to || (to !== null && to > contract.to)))
    return 'outside-contract'
  const regions = text('regions')
    .split('|')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return {
    issuer,
    externalId,
    operator: { issuer, externalId, kind },
    contract: contract?.id ?? null,
    pseudonym: given === '' ? null : asId<Pseudonym>(given),
    role: text('role'),
    unit: text('unit'),
    attributes: regions.length === 0 ? {} : { regions },
    from,
    // An assignment without an end lasts as long as its contract.
    to: to ?? contract?.to ?? null,
  }
}

/** Midnight of a day where the body is, or so many days later; `null` for what is no day. */
function startOfDay(day: string, later: number, timeZone: string): Micros | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  try {
    const date = Temporal.PlainDate.from(day, { overflow: 'reject' }).add({ days: later })
    return date.toZonedDateTime({ timeZone }).epochNanoseconds / 1_000n
  } catch {
    return null
  }
}

/** `aurora:` and the hidden identity, since one issuer's `sub` is one person. */
function idOf(bundle: Bundle, issuer: string, hidden: string): OperatorId {
  const owner = bundle.issuers.get(issuer) ?? bundle.document.varco.controller.id
  return asId(`${owner}:${hidden}`)
}

function overlap(one: Assignment, other: Assignment): boolean {
  return (one.to === null || other.from < one.to) && (other.to === null || one.from < other.to)
}

function plain({ from, to, attributes, contract, role, unit }: Assignment): unknown {
  return [String(from), to === null ? null : String(to), attributes, contract, role, unit]
}

function refused(line: number, code: PeopleRefusalCode): RowReport<PeopleRefusalCode> {
  return { line, outcome: 'refused', code, text: PEOPLE_REFUSALS[code] }
}
