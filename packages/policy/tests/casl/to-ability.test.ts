import {
  abilityOutcome,
  decide,
  decideRecord,
  restoreAbility,
  toAbility,
  type AccessRequest,
  type PolicyAbility,
} from '@varco/policy'
import { arbitraryRecord, arbitraryRequest, arbitraryWorld, fixtureBundle } from '@varco/policy/testing'
import type { FieldName, ResourceName } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('CASL and the hot path give every field of every record the same outcome', () => {
  const seen = { plain: 0, masked: 0, hidden: 0 }
  fc.assert(
    fc.property(
      arbitraryWorld(),
      fc.array(arbitraryRecord(), { minLength: 1, maxLength: 4 }),
      ({ bundle, request }, records) => {
        const ability = toAbility(bundle, request)
        for (const values of records) {
          const outcomes = decideRecord(bundle, request, values)
          for (const field of bundle.resources.get('thing' as ResourceName)?.fields.keys() ?? []) {
            const outcome = outcomes?.get(field)?.outcome ?? 'hidden'
            expect(abilityOutcome(ability, 'read', { resource: 'thing', values }, field)).toBe(outcome)
            seen[outcome] += 1
          }
        }
      },
    ),
    { numRuns: 2_000 },
  )
  expect(Math.min(seen.plain, seen.masked, seen.hidden)).toBeGreaterThan(500)
})

test('an ability survives the way to a front end as JSON', () => {
  fc.assert(
    fc.property(arbitraryWorld(), arbitraryRecord(), ({ bundle, request }, values) => {
      const ability = toAbility(bundle, request)
      const rules = JSON.parse(JSON.stringify(ability.rules)) as PolicyAbility['rules']
      const restored = restoreAbility(
        rules,
        (resource) => bundle.resources.get(resource as ResourceName)?.fields ?? new Map(),
      )
      for (const field of ['id', 'word', 'day'] as FieldName[]) {
        expect(abilityOutcome(restored, 'read', { resource: 'thing', values }, field)).toBe(
          abilityOutcome(ability, 'read', { resource: 'thing', values }, field),
        )
      }
    }),
    { numRuns: 300 },
  )
}, 120_000)

test('who is refused before the rules gets an ability that can do nothing', () => {
  const [request] = fc.sample(arbitraryRequest(), { numRuns: 1, seed: 1 })
  const refused: AccessRequest = { ...(request as AccessRequest), purpose: null }
  expect(decide(fixtureBundle(), { ...refused, resource: 'invoice' }).effect).toBe('deny')
  const ability = toAbility(fixtureBundle(), refused)
  expect(ability.rules).toEqual([])
  expect(ability.can('read:seen', 'invoice')).toBe(false)
})
