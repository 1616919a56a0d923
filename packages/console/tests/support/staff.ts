import { asId, isoToMicros, type ContractId } from '@varco/core'
import type { Assignment, ContractState, EngagementStore, Ticket } from '@varco/engagement'

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
  readonly tickets: Map<string, Ticket>
  readonly everyAssignment: () => readonly Assignment[]
} {
  const people = new Map<string, Assignment[]>([
    ['dpo-1', [assignment('dpo-1')]],
    ['officer-1', [assignment('officer-1', { role: 'antimafia.officer', unit: 'antimafia-unit' })]],
    ['manager-1', [assignment('manager-1', { role: 'contract-manager' })]],
    ['dpo-2', [assignment('dpo-2')]],
    ['manager-2', [assignment('manager-2', { role: 'contract-manager' })]],
    ['auditor-1', [assignment('auditor-1', { role: 'auditor' })]],
    ['approver-1', [assignment('approver-1', { role: 'unit-approver', unit: 'antimafia-unit' })]],
    ['approver-2', [assignment('approver-2', { role: 'unit-approver', unit: 'invoicing' })]],
    ['administrator-1', [assignment('administrator-1', { role: 'administrator' })]],
    ['approver-1', [assignment('approver-1', { role: 'unit-approver', unit: 'antimafia-unit' })]],
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
  // Of the contractor's own people, as its issuer knows them.
  for (const sub of ['anna', 'bea']) {
    const of = { contract: asId<ContractId>('aurora-2026'), unit: 'contact-centre' }
    people.set(`https://login.aurora.example ${sub}`, [
      assignment(sub, { ...of, pseudonym: asId(`AUR-${sub}`), role: 'contact-centre.operator' }),
    ])
  }
  const tickets = new Map<string, Ticket>()
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
    tickets,
    everyAssignment: () => [...people.values()].flat(),
    whoIs: async (issuer, externalId, now) => {
      const all = people.get(issuer === ISSUER ? externalId : `${issuer} ${externalId}`)
      if (all === undefined) return null
      const assignments = all.filter(({ from, to }) => from <= now && (to === null || now < to))
      return {
        operator: { id: asId(`operator-${externalId}`), issuer, externalId, kind: 'person' },
        assignments,
      }
    },
    ticket: async (id) => tickets.get(id) ?? null,
    contractState: async (contract) => states.get(contract) ?? null,
    grant: async () => null,
  }
}
