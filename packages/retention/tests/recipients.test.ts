import { asId, type ContractId, type EventId, type ProcessorId } from '@varco/core'
import { recipientsIn } from '@varco/retention'
import { expect, test } from 'vitest'

const P1 = { kind: 'producer', id: 'P1' }

function told(contract: string | null, action: string, id: string, ...resources: readonly string[]) {
  const processor = contract === null ? null : asId<ProcessorId>(contract.split('-')[0] ?? '')
  return {
    event: {
      ...{ id: asId<EventId>(id), action, processor },
      contract: contract === null ? null : asId<ContractId>(contract),
    },
    disclosures: resources.map((resource) => ({ resource })),
  }
}

test('the companies that were shown something are recipients, with what and with which files they still have', async () => {
  const log = {
    accessesOf: async function* (whose: object) {
      expect(whose).toEqual(P1)
      yield told('borea-2023', 'read', 'e1', 'invoice')
      yield told('aurora-2026', 'export', 'e2', 'producer', 'invoice')
      yield told('aurora-2026', 'export', 'e3', 'invoice')
      yield told(null, 'read', 'e4', 'antimafia_check')
    },
  }
  const copy = async (id: string) => ({ id, settled: id === 'e3' ? {} : null })
  expect(await recipientsIn(log, { copy })(P1)).toEqual([
    { processor: 'aurora', contract: 'aurora-2026', resources: ['invoice', 'producer'], copies: ['e2'] },
    { processor: 'borea', contract: 'borea-2023', resources: ['invoice'], copies: [] },
  ])
})
