import path from 'node:path'
import { loadBundle, type Bundle } from '@varco/policy'
import { describe, expect, it } from 'vitest'
import {
  AURISPOLA,
  BODY_ISSUER,
  BRUMALBA,
  SAMPLE_CONTRACTS,
  ZEFIRANZA,
} from '../../src/sample/sample-contracts.ts'
import {
  OPERATORS_PER_CONTRACT,
  sampleOperators,
  type SampleOperator,
} from '../../src/sample/sample-operators.ts'

const operators = sampleOperators()
const crewOf = (contract: string | null): readonly SampleOperator[] =>
  operators.filter((operator) => operator.contract === contract)

async function samplePolicies(): Promise<Bundle> {
  const loaded = await loadBundle(path.join(import.meta.dirname, '../../../../policies'))
  if (!loaded.ok)
    throw new Error(loaded.problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'))
  return loaded.bundle
}

describe('sampleOperators', () => {
  it('gives each of the three contracts its hundred and twenty', () => {
    expect(SAMPLE_CONTRACTS.map(({ id }) => crewOf(id).length)).toEqual([120, 120, 120])
  })

  it('lets most people move on with the contract, under another login and another pseudonym', () => {
    for (const [before, after] of [
      [ZEFIRANZA, BRUMALBA],
      [BRUMALBA, AURISPOLA],
    ] as const) {
      const then = new Map(crewOf(before.id).map((operator) => [operator.person, operator]))
      const moved = crewOf(after.id).filter(({ person }) => then.has(person))
      expect(moved.length).toBeGreaterThan(OPERATORS_PER_CONTRACT * 0.8)
      for (const operator of moved) {
        const former = then.get(operator.person)
        expect(operator.name).toBe(former?.name)
        for (const key of ['id', 'sub', 'issuer', 'pseudonym'] as const)
          expect(operator[key]).not.toBe(former?.[key])
      }
    }
  })

  it('never gives a pseudonym, an id, or a login twice', () => {
    const all = (key: (operator: SampleOperator) => string): number => new Set(operators.map(key)).size
    expect(all(({ pseudonym }) => pseudonym)).toBe(operators.length)
    expect(all(({ id }) => id)).toBe(operators.length)
    expect(all(({ issuer, sub }) => `${issuer} ${sub}`)).toBe(operators.length)
    expect(all(({ issuer, username }) => `${issuer} ${username}`)).toBe(operators.length)
  })

  it('gives pseudonyms that can be read out and do not hold a name', () => {
    for (const { pseudonym, person, name } of operators) {
      expect(pseudonym).toMatch(/^(ZEF|BRU|AUR|GSE)-[0-9A-HJKMNP-TV-Z]{5}$/)
      expect(pseudonym).not.toContain(person.slice(-4))
      expect(name).not.toBe('')
    }
  })

  it('keeps the same login over the years', () => {
    const [first] = crewOf(AURISPOLA.id)
    expect(first?.pseudonym).toBe(sampleOperators().find(({ id }) => id === first?.id)?.pseudonym)
  })

  it('ends the assignments of a closed contract, and forgets those of the insolvent one', () => {
    expect(new Set(crewOf(ZEFIRANZA.id).map(({ to }) => to))).toEqual(new Set([ZEFIRANZA.to]))
    expect(new Set(crewOf(BRUMALBA.id).map(({ to }) => to))).toEqual(new Set([null]))
    expect(new Set(crewOf(AURISPOLA.id).map(({ to }) => to))).toEqual(new Set([null]))
  })

  it('has two people wherever two are needed', () => {
    const staff = crewOf(null)
    for (const role of ['dpo', 'administrator', 'unit-approver']) {
      expect(staff.filter((operator) => operator.role === role).length).toBeGreaterThanOrEqual(2)
    }
  })

  it('uses only roles and units that the sample policies know', async () => {
    const { document } = await samplePolicies()
    const { roles, units } = document.varco
    expect(operators.filter(({ role, unit }) => !(role in roles) || !(unit in units))).toEqual([])
  })

  it('works under the contracts of the sample policies, day for day', async () => {
    const bundle = await samplePolicies()
    expect([...bundle.contracts.keys()].toSorted()).toEqual(SAMPLE_CONTRACTS.map(({ id }) => id).toSorted())
    for (const sample of SAMPLE_CONTRACTS) {
      const contract = bundle.contracts.get(sample.id)
      expect([contract?.processor, contract?.from, contract?.to]).toEqual([
        sample.processor,
        sample.from,
        sample.to,
      ])
      expect(bundle.issuers.get(sample.issuer)).toBe(sample.processor)
      expect(
        sample.enquiries.filter(([purpose]) =>
          contract?.document.annex.every((item) => item.purpose !== purpose),
        ),
      ).toEqual([])
    }
    expect(bundle.issuers.get(BODY_ISSUER)).toBeNull()
  })
})
