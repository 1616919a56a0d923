import { MICROS_PER_SECOND } from '@varco/core'
import type { OpenConsole } from './open-console.ts'

/** A morning at the contact centre, the same each time: two and a half hours, an access every minute or so. */
export async function busyDay(console: OpenConsole): Promise<void> {
  const minute = 60n * MICROS_PER_SECOND
  for (let index = 0; index < 150; index++) {
    const operator = `aur-${(index * 7) % 23}`.padEnd(6, '0')
    const ticket = `T-2026-${String(4100 + (index % 57))}`
    const key = String(90_000 + index)
    const producer = { kind: 'producer', id: `P-${index % 31}` }
    if (index % 9 === 4) {
      await console.access({
        operator,
        ticket: null,
        purpose: 'antimafia-assessment',
        resource: 'antimafia_check',
        decision: 'deny',
        reasons: ['outside-annex'],
        rules: [],
        plain: [],
        masked: [],
        filters: [],
        disclosures: [],
        policyVersion: (await console.deps.bundle()).version,
      })
    } else if (index % 13 === 6) {
      await console.access({
        operator: 'bor-19',
        processor: 'borea',
        contract: 'borea-2023',
        ticket,
        decision: 'deny',
        reasons: ['contract-ended'],
        rules: [],
        plain: [],
        masked: [],
        filters: [],
        disclosures: [],
      })
    } else if (index % 17 === 3) {
      await console.access({
        operator: 'gse-officer-1',
        processor: null,
        contract: null,
        role: 'antimafia.officer',
        unit: 'antimafia-unit',
        purpose: 'antimafia-assessment',
        resource: 'antimafia_check',
        action: 'search',
        ticket: null,
        grant: 'G-77',
        plain: ['id', 'producer_id', 'status', 'valid_until', 'outcome'],
        masked: [],
        filters: [{ field: 'status', op: 'eq', value: 'pending' }],
        rules: ['antimafia-officer'],
        disclosures: [1, 2, 3].map((part) => ({
          resource: 'antimafia_check',
          recordKey: `${key}-${part}`,
          dataSubject: { kind: 'producer', id: `P-${part}` },
        })),
        policyVersion: (await console.deps.bundle()).version,
      })
    } else {
      await console.access({
        operator,
        ticket,
        action: index % 3 === 0 ? 'search' : 'read',
        plain: ['id', 'producer_id', 'number', 'period', 'amount', 'status'],
        masked: index % 4 === 0 ? ['iban', 'tax_code'] : [],
        filters: [{ field: 'number', op: 'eq', value: `2026/${key}` }],
        disclosures: [{ resource: 'invoice', recordKey: key, dataSubject: producer }],
        policyVersion: (await console.deps.bundle()).version,
      })
    }
    console.clock.advance((BigInt((index * 37) % 100) * minute) / 49n)
  }
}
