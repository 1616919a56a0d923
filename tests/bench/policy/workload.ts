// One workload that every engine can say: twelve fields, of which a rule shows eight to people of one contract, while it
// runs, for a few purposes, on records of their own regions; one rule in twenty forbids three fields instead.
import { isoToMicros, type ContractId, type Micros, type ProcessorId, type Pseudonym } from '@varco/core'
import { bundleDocumentSchema, type AccessRequest, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'

export const FIELDS = Array.from({ length: 12 }, (_, index) => `f${index}`)
export const ROLE = 'contact-centre.operator'
const SHOWN = FIELDS.slice(0, 8)
const FORBIDDEN = FIELDS.slice(2, 5)
const RESOURCES = 5
const RULES_OF_A_CONTRACT = 10
const PURPOSES = Array.from({ length: 10 }, (_, index) => `purpose-${index}`)
const REGIONS = Array.from({ length: 20 }, (_, index) => `region-${index}`)

export interface BenchRule {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly contract: string
  readonly from: Micros
  readonly to: Micros
  readonly resource: string
  readonly purposes: readonly string[]
  readonly fields: readonly string[]
}

/** One question: may this person see each of the twelve fields of this record? */
export interface Question {
  readonly request: AccessRequest
  readonly record: Readonly<Record<string, string>>
  readonly units: readonly string[]
}

/** A deterministic source of chance: the same questions for each engine and each run. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const FROM = '2026-01-01'
const TO = '2026-12-31'
const instant = (iso: string): Micros => isoToMicros(iso) ?? 0n
const STARTS = instant('2026-01-01T00:00:00+01:00')
const ENDS = instant('2027-01-01T00:00:00+01:00')
const DURING = instant('2026-06-15T10:00:00+02:00')

export function benchRules(count: number): readonly BenchRule[] {
  return Array.from({ length: count }, (_, index) => {
    const forbids = index % 20 === 19
    return {
      id: `rule-${index}`,
      effect: forbids ? 'forbid' : 'permit',
      contract: `contract-${Math.floor(index / RULES_OF_A_CONTRACT)}`,
      from: STARTS,
      to: ENDS,
      resource: `resource_${index % RESOURCES}`,
      purposes: [0, 1, 2].map((step) => PURPOSES[(index * 3 + step) % PURPOSES.length] ?? ''),
      fields: forbids ? FORBIDDEN : SHOWN,
    }
  })
}

export function benchDocument(rules: readonly BenchRule[]): BundleDocument {
  const base = fixtureDocument()
  const title = { it: 'x', en: 'x' }
  return bundleDocumentSchema.parse({
    ...base,
    varco: { ...base.varco, data_subjects: {} },
    catalogue: Array.from({ length: RESOURCES }, (_, index) => ({
      resource: `resource_${index}`,
      title,
      source: { relation: `bench.resource_${index}` },
      key: 'f0',
      fields: Object.fromEntries(
        [...FIELDS, 'region'].map((name) => [
          name,
          { type: 'text', category: 'identification', title, nullable: true },
        ]),
      ),
    })),
    purposes: Object.fromEntries(
      PURPOSES.map((purpose) => [
        purpose,
        { title, plain: title, legal_basis: 'public-task', norm: 'x', categories: ['identification'] },
      ]),
    ),
    processors: [...new Set(rules.map(({ contract }) => contract))].map((contract) => ({
      processor: `processor-of-${contract}`,
      name: contract,
      country: 'IT',
      contact: { name: 'x', email: 'x@bench.example' },
      identity_provider: { issuer: `https://${contract}.bench.example` },
      contracts: [
        {
          id: contract,
          reference: 'x',
          title,
          from: FROM,
          to: TO,
          annex: PURPOSES.map((purpose) => ({ purpose, clause: 'x' })),
          exit: { delete_within: 'P30D', because: 'una norma qualsiasi' },
        },
      ],
    })),
    access: rules.map(({ contract, effect, fields, id, purposes, resource }) => ({
      id,
      effect,
      role: ROLE,
      actions: ['read'],
      resource,
      purposes,
      contracts: [contract],
      where: { region: { in: '$principal.units' } },
      fields: effect === 'permit' ? { plain: fields } : { hidden: fields },
      because: 'una norma qualsiasi',
    })),
    retention: [],
    cases: [],
  })
}

/** Half are about a rule and meet it; the others miss it by purpose, by region or by time. */
export function benchQuestions(rules: readonly BenchRule[], count: number): readonly Question[] {
  const random = mulberry(rules.length)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const permits = rules.filter(({ effect }) => effect === 'permit')
  return Array.from({ length: count }, (_, index): Question => {
    const rule = pick(permits)
    const units = [pick(REGIONS), pick(REGIONS), pick(REGIONS)]
    const misses = index % 2 === 1 ? pick(['purpose', 'region', 'time'] as const) : null
    const others = PURPOSES.filter(
      (purpose) =>
        !rules.some(
          (other) =>
            other.contract === rule.contract &&
            other.resource === rule.resource &&
            other.effect === 'permit' &&
            other.purposes.includes(purpose),
        ),
    )
    const purpose = misses === 'purpose' && others.length > 0 ? pick(others) : pick(rule.purposes)
    const region = misses === 'region' ? pick(REGIONS.filter((each) => !units.includes(each))) : pick(units)
    const now = misses === 'time' ? ENDS + 1n : DURING
    return {
      request: {
        now,
        principal: {
          kind: 'person',
          pseudonym: `op-${index}` as Pseudonym,
          role: ROLE,
          unit: 'contact-centre',
          attributes: { units },
        },
        contract: {
          id: rule.contract as ContractId,
          processor: `processor-of-${rule.contract}` as ProcessorId,
          state: 'active',
        },
        purpose,
        ticket: null,
        grant: null,
        action: 'read',
        resource: rule.resource,
      },
      record: { ...Object.fromEntries(FIELDS.map((field) => [field, `${field}-${index}`])), region },
      units,
    }
  })
}
