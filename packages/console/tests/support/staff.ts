import { asId, isoToMicros } from '@varco/core'
import type { Assignment, ContractState, EngagementStore } from '@varco/engagement'

const ISSUER = 'https://login.gse.example'

function assignment(sub: string, over: Partial<Assignment> = {}): Assignment {
  return {
    operator: asId(`operator-${sub}`),
    contract: null,
    pseudonym: asId(`gse-${sub}`),
    role: 'dpo',
    unit: 'dpo-office',
    attributes: {},
    from: 0n,
    to: null,
    ...over,
  }
}

/** The body's staff as tests know them: a DPO, an antimafia officer, one without any assignment, a contractor's operator. */
export function staff(): EngagementStore & {
  readonly people: Map<string, Assignment[]>
  readonly states: Map<string, ContractState>
} {
  const people = new Map<string, Assignment[]>([
    ['dpo-1', [assignment('dpo-1')]],
    ['officer-1', [assignment('officer-1', { role: 'antimafia.officer', unit: 'antimafia-unit' })]],
    ['manager-1', [assignment('manager-1', { role: 'contract-manager' })]],
    ['auditor-1', [assignment('auditor-1', { role: 'auditor' })]],
    ['administrator-1', [assignment('administrator-1', { role: 'administrator' })]],
    ['nobody-1', []],
    [
      'operator-1',
      [
        assignment('operator-1', {
          contract: asId('aurora-2026'),
          // A contractor's own word for a role must open nothing here.
          role: 'dpo',
          unit: 'contact-centre',
        }),
      ],
    ],
  ])
  const states = new Map<string, ContractState>(
    [['aurora-2026', 'aurora', 'active'] as const, ['borea-2023', 'borea', 'insolvent'] as const].map(
      ([contract, processor, state]) => [
        contract,
        {
          contract: asId(contract),
          processor: asId(processor),
          state,
          since: isoToMicros('2026-01-01T00:00:00+01:00') ?? 0n,
        },
      ],
    ),
  )
  return {
    people,
    states,
    whoIs: async (issuer, externalId) => {
      const assignments = issuer === ISSUER ? people.get(externalId) : undefined
      if (assignments === undefined) return null
      return {
        operator: { id: asId(`operator-${externalId}`), issuer, externalId, kind: 'person' },
        assignments,
      }
    },
    ticket: async () => null,
    contractState: async (contract) => states.get(contract) ?? null,
    grant: async () => null,
  }
}
