import { asId } from '@varco/core'
import { assignmentFact, FIXTURE_NOW } from '@varco/engagement/testing'
import { grantBundle } from '../../../engagement/tests/grants/grant-world.ts'
import { expect, test } from 'vitest'
import { consolePolicyOf, decideInConsole } from '../../src/visit/console-policy.ts'
import { PERMISSIONS, rolesFor, ruleOf, type Permission } from '../../src/visit/permissions.ts'

const bundle = grantBundle()
const permissions = Object.keys(PERMISSIONS) as Permission[]
const inRole = (role: string, contract: string | null = null) =>
  assignmentFact({ contract: contract === null ? null : asId(contract), role, pseudonym: asId('GSE-1') })

test.each(permissions)('%s is a rule of its own, with its norm and its roles', (permission) => {
  const rules = consolePolicyOf(bundle).document.access
  expect(rules.filter(({ id }) => id === permission)).toMatchObject([
    { role: [...rolesFor(permission, bundle)], contracts: ['internal'] },
  ])
  const { on, action } = ruleOf(permission)
  const same = rules.filter(({ resource, actions }) => resource === on && actions.includes(action))
  expect(same.map(({ id }) => id)).toEqual([permission])
})

test.each(permissions)('%s is permitted to its roles and to no other', (permission) => {
  const everyRole = Object.keys(consolePolicyOf(bundle).document.varco.roles)
  const permitted = everyRole.filter(
    (role) => decideInConsole(bundle, inRole(role), permission, FIXTURE_NOW).effect === 'permit',
  )
  expect(permitted.sort()).toEqual([...rolesFor(permission, bundle)].sort())
})

test.each(['aurora-2026', 'no-such-contract'])('under a contract nothing is: %s', (contract) => {
  for (const permission of permissions) {
    for (const role of rolesFor(permission, bundle)) {
      const decision = decideInConsole(bundle, inRole(role, contract), permission, FIXTURE_NOW)
      expect([permission, decision.effect, decision.reasons[0]?.code]).toEqual([
        permission,
        'deny',
        'unknown-contract',
      ])
    }
  }
})

test('a bundle is compiled for the console once', () => {
  expect(consolePolicyOf(bundle)).toBe(consolePolicyOf(bundle))
})
