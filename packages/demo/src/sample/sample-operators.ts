import { createHash } from 'node:crypto'
import {
  asId,
  type ContractId,
  type Localized,
  type Micros,
  type OperatorId,
  type Pseudonym,
} from '@varco/core'
import type { Scalar } from '@varco/policy'
import { instant } from './day.ts'
import { personName, userNameOf, type PersonName } from './people.ts'
import { randomFrom } from './random.ts'
import { SAMPLE_SEED } from './sample-body.ts'
import { AURISPOLA, BODY_ISSUER, BRUMALBA, ZEFIRANZA, type SampleContract } from './sample-contracts.ts'

/** One person at one company: whoever moved with the contract appears once for each, under another pseudonym. */
export interface SampleOperator {
  /** The same for the same human being, whoever employs them. */
  readonly person: string
  readonly id: OperatorId
  readonly issuer: string
  readonly sub: string
  readonly username: string
  readonly password: string
  readonly name: string
  /** `null`: the body's own staff. */
  readonly contract: ContractId | null
  readonly role: string
  readonly unit: string
  readonly pseudonym: Pseudonym
  readonly attributes: Readonly<Record<string, Scalar | readonly Scalar[]>>
  readonly workstation: string
  /** Inclusive. */
  readonly from: Micros
  /** Exclusive; `null` while it lasts. */
  readonly to: Micros | null
  /** Worth trying: what this person does here. */
  readonly does?: Localized
}

/** Of every invented person. The demo's identity provider runs nowhere else. */
export const SAMPLE_PASSWORD = 'varco-demo'

export const OPERATORS_PER_CONTRACT = 120

/** At each change of contractor some leave and as many join: of a hundred and twenty, most stay. */
const JOINED_BY: readonly (readonly [SampleContract, number])[] = [
  [ZEFIRANZA, 0],
  [BRUMALBA, 12],
  [AURISPOLA, 30],
]

/** Everyone who can log in: three contact centres that share most of their people, and the body's own staff. */
export function sampleOperators(): readonly SampleOperator[] {
  const crew = JOINED_BY.flatMap(([contract, first]) => contractCrew(contract, first))
  return [...crew, ...ownStaff()]
}

interface Post {
  readonly role: string
  readonly unit: string
}

/** Desks of a contact centre; the third contract brought the reception. */
const DESKS: readonly (readonly [number, Post])[] = [
  [52, { role: 'contact-centre.operator', unit: 'cc-phone' }],
  [26, { role: 'contact-centre.operator', unit: 'cc-written' }],
  [14, { role: 'contact-centre.operator', unit: 'cc-portal' }],
  [12, { role: 'contact-centre.operator', unit: 'cc-second-level' }],
  [8, { role: 'contact-centre.supervisor', unit: 'cc-second-level' }],
]
const DESK_LIST = DESKS.flatMap(([seats, post]) => Array<Post>(seats).fill(post))
const RECEPTION: Post = { role: 'reception.host', unit: 'reception' }
const SWITCHBOARD: Post = { role: 'contact-centre.operator', unit: 'cc-phone' }

const OFFERED: Readonly<Record<string, Localized>> = {
  'aurispola-2026/contact-centre.operator': {
    it: 'Operatore del contact center in servizio',
    en: 'Contact centre operator, contract in force',
  },
  'aurispola-2026/contact-centre.supervisor': {
    it: 'Coordinatore del contact center',
    en: 'Contact centre supervisor',
  },
  'aurispola-2026/reception.host': { it: 'Addetto all’accoglienza', en: 'Reception host' },
  'brumalba-2022/contact-centre.operator': {
    it: 'Operatore di un contratto finito',
    en: 'Contact centre operator, contract ended',
  },
}

function contractCrew(contract: SampleContract, first: number): readonly SampleOperator[] {
  const usernames = new Set<string>()
  const offered = new Set<string>()
  return Array.from({ length: OPERATORS_PER_CONTRACT }, (_, seat): SampleOperator => {
    const person = personAt(first + seat)
    const post = DESK_LIST[seat] ?? (contract === AURISPOLA ? RECEPTION : SWITCHBOARD)
    const kind = `${contract.id}/${post.role}`
    const does = offered.has(kind) ? undefined : OFFERED[kind]
    offered.add(kind)
    return {
      person: person.id,
      id: asId(`${contract.processor}:${person.id}`),
      issuer: contract.issuer,
      sub: code('sub', contract.id, person.id).toLowerCase(),
      username: unique(userNameOf(person), usernames),
      password: SAMPLE_PASSWORD,
      name: `${person.name} ${person.surname}`,
      contract: contract.id,
      ...post,
      pseudonym: pseudonymOf(contract.prefix, contract.id, person.id),
      attributes: {},
      workstation: `${contract.prefix}-WS-${String(seat + 1).padStart(3, '0')}`,
      from: contract.from,
      // Nobody closed the accounts of the insolvent company: its people still seem to be at work.
      to: contract.state === 'closed' ? contract.to : null,
      ...(does === undefined ? {} : { does }),
    }
  })
}

const NORTH = [
  ...["Valle d'Aosta", 'Piemonte', 'Liguria', 'Lombardia', 'Trentino-Alto Adige'],
  ...['Veneto', 'Friuli-Venezia Giulia', 'Emilia-Romagna'],
]
const CENTRE = ['Toscana', 'Umbria', 'Marche', 'Lazio', 'Abruzzo', 'Molise', 'Sardegna']
const SOUTH = ['Campania', 'Puglia', 'Basilicata', 'Calabria', 'Sicilia']
const AREAS = { north: NORTH, centre: CENTRE, south: SOUTH } as const

interface StaffPost extends Post {
  readonly username: string
  readonly area?: keyof typeof AREAS
  readonly does?: Localized
}

const STAFF: readonly StaffPost[] = [
  {
    username: 'dpo',
    role: 'dpo',
    unit: 'data-protection',
    does: { it: 'Responsabile della protezione dei dati', en: 'Data protection officer' },
  },
  { username: 'dpo.vicario', role: 'dpo', unit: 'data-protection' },
  {
    username: 'amministratore',
    role: 'administrator',
    unit: 'systems',
    does: { it: 'Scrive le regole di accesso', en: 'Writes the access rules' },
  },
  {
    username: 'amministratore.secondo',
    role: 'administrator',
    unit: 'systems',
    does: { it: 'Approva le regole scritte da un altro', en: 'Approves rules written by another' },
  },
  {
    username: 'revisore',
    role: 'auditor',
    unit: 'internal-audit',
    does: { it: 'Revisore interno', en: 'Internal auditor' },
  },
  { username: 'revisore.secondo', role: 'auditor', unit: 'internal-audit' },
  {
    username: 'direttore.contratto',
    role: 'contract-manager',
    unit: 'contracts',
    does: { it: 'Segue il contratto del contact center', en: 'Follows the contact centre’s contract' },
  },
  {
    username: 'approva.antimafia',
    role: 'unit-approver',
    unit: 'antimafia',
    does: { it: 'Autorizza un fascicolo alla volta', en: 'Grants one file at a time' },
  },
  { username: 'approva.fatture', role: 'unit-approver', unit: 'invoicing' },
  { username: 'approva.fotovoltaico', role: 'unit-approver', unit: 'photovoltaic' },
  {
    username: 'antimafia.nord',
    role: 'antimafia.officer',
    unit: 'antimafia',
    area: 'north',
    does: { it: 'Verifica antimafia, regioni del Nord', en: 'Antimafia checks, northern regions' },
  },
  { username: 'antimafia.centro', role: 'antimafia.officer', unit: 'antimafia', area: 'centre' },
  { username: 'antimafia.sud', role: 'antimafia.officer', unit: 'antimafia', area: 'south' },
  {
    username: 'istruttore.nord',
    role: 'back-office.officer',
    unit: 'photovoltaic',
    area: 'north',
    does: { it: 'Istruisce le pratiche del Nord', en: 'Examines the northern practices' },
  },
  { username: 'istruttore.nord.2', role: 'back-office.officer', unit: 'photovoltaic', area: 'north' },
  { username: 'istruttore.centro', role: 'back-office.officer', unit: 'photovoltaic', area: 'centre' },
  { username: 'istruttore.centro.2', role: 'back-office.officer', unit: 'photovoltaic', area: 'centre' },
  { username: 'istruttore.sud', role: 'back-office.officer', unit: 'photovoltaic', area: 'south' },
  { username: 'istruttore.sud.2', role: 'back-office.officer', unit: 'photovoltaic', area: 'south' },
  {
    username: 'fatture',
    role: 'back-office.officer',
    unit: 'invoicing',
    does: { it: 'Rettifica le fatture', en: 'Corrects invoices' },
  },
  { username: 'fatture.2', role: 'back-office.officer', unit: 'invoicing' },
  { username: 'fatture.3', role: 'back-office.officer', unit: 'invoicing' },
  { username: 'fatture.4', role: 'back-office.officer', unit: 'invoicing' },
  { username: 'fatture.5', role: 'back-office.officer', unit: 'invoicing' },
  { username: 'misure', role: 'back-office.officer', unit: 'metering' },
  { username: 'misure.2', role: 'back-office.officer', unit: 'metering' },
  { username: 'relazioni', role: 'back-office.officer', unit: 'customer-relations' },
  { username: 'relazioni.2', role: 'back-office.officer', unit: 'customer-relations' },
  {
    username: 'fiere',
    role: 'events.officer',
    unit: 'customer-relations',
    does: { it: 'Ricontatta chi ha lasciato i dati in fiera', en: 'Calls back those met at fairs' },
  },
]

/** The body's people outlast the contracts; numbered after the last who ever worked for a contractor. */
const FIRST_OF_STAFF = 1_000
const STAFF_SINCE = instant('2016-01-04T00:00:00+01:00')

function ownStaff(): readonly SampleOperator[] {
  return STAFF.map(({ username, role, unit, area, does }, seat): SampleOperator => {
    const person = personAt(FIRST_OF_STAFF + seat)
    return {
      person: person.id,
      id: asId(`gse:${person.id}`),
      issuer: BODY_ISSUER,
      sub: code('sub', 'gse', person.id).toLowerCase(),
      username,
      password: SAMPLE_PASSWORD,
      name: `${person.name} ${person.surname}`,
      contract: null,
      role,
      unit,
      pseudonym: pseudonymOf('GSE', 'gse', person.id),
      attributes: area === undefined ? {} : { regions: AREAS[area] },
      workstation: `GSE-WS-${String(seat + 1).padStart(3, '0')}`,
      from: STAFF_SINCE,
      to: null,
      ...(does === undefined ? {} : { does }),
    }
  })
}

function personAt(index: number): PersonName & { readonly id: string } {
  const id = `person-${String(index).padStart(4, '0')}`
  return { id, ...personName(randomFrom(SAMPLE_SEED, 'person', index)) }
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `AUR-7F3K2`: it can be read out on the telephone, and does not tell that two contracts had the same person. */
function pseudonymOf(prefix: string, scope: string, person: string): Pseudonym {
  return asId(`${prefix}-${code('pseudonym', scope, person).slice(0, 5)}`)
}

function code(...names: readonly string[]): string {
  const bytes = createHash('sha256')
    .update([SAMPLE_SEED, ...names].join('/'))
    .digest()
  return Array.from(bytes.subarray(0, 16), (byte) => ALPHABET[byte % 32] ?? '0').join('')
}

function unique(username: string, taken: Set<string>): string {
  let free = username
  for (let number = 2; taken.has(free); number += 1) free = `${username}${number}`
  taken.add(free)
  return free
}
