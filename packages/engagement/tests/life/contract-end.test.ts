import { asId, type Micros } from '@varco/core'
import { contractEnd, type ContractMoveName, type ContractState, type TakenMove } from '@varco/engagement'
import { expect, test } from 'vitest'

const contract = asId<ContractState['contract']>('aurora-2026')
const stands = (state: ContractState['state'], since: Micros): ContractState => ({
  ...{ contract, processor: asId('aurora'), state, since },
})
const taken = (
  move: ContractMoveName,
  from: ContractState['state'],
  to: ContractState['state'],
  at: Micros,
): TakenMove => ({ ...{ contract, move, from, to, at }, by: asId('M-1'), second: null, reason: 'a reason' })

const TERMINATED = taken('terminate', 'active', 'frozen', 10n)
const RETURNING = taken('begin-return', 'frozen', 'returning', 20n)
const VERIFIED = taken('verify', 'returning', 'verified', 30n)

test.each(['draft', 'active', 'notice', 'insolvent'] as const)('one that is %s has not ended', (state) => {
  expect(contractEnd(stands(state, 5n), [])).toBeNull()
})

test.each(['frozen', 'terminated', 'returning', 'verified', 'closed'] as const)(
  'one that was imported as %s ended when it came to be so',
  (state) => {
    expect(contractEnd(stands(state, 5n), [])).toBe(5n)
  },
)

test('the steps of its exit do not move its end', () => {
  expect(contractEnd(stands('frozen', 10n), [TERMINATED])).toBe(10n)
  expect(contractEnd(stands('returning', 20n), [TERMINATED, RETURNING])).toBe(10n)
  expect(contractEnd(stands('verified', 30n), [TERMINATED, RETURNING, VERIFIED])).toBe(10n)
})

test('what was imported over its steps counts from its import: reopened, it has not ended; ended anew, it has then', () => {
  expect(contractEnd(stands('active', 40n), [TERMINATED])).toBeNull()
  expect(contractEnd(stands('frozen', 50n), [TERMINATED])).toBe(50n)
  expect(contractEnd(stands('closed', 50n), [TERMINATED, RETURNING])).toBe(50n)
  const again = taken('terminate', 'active', 'frozen', 60n)
  const returning = taken('begin-return', 'frozen', 'returning', 70n)
  expect(contractEnd(stands('returning', 70n), [TERMINATED, again, returning])).toBe(60n)
})
