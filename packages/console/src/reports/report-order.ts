import type { ContractId } from '@varco/core'
import type { SentForm } from '../act/confirmed.ts'
import { isPeriod } from '../contracts/period.ts'
import type { Visit } from '../visit/visit.ts'
import { readBreach } from './breach-order.ts'
import type { OrderedKind, OrderField } from './order-fields.ts'
import type { ReportOrder } from './report-maker.ts'
import { readPeriod } from './report-period.ts'

/** What a form asks for, or the fields that are wrong. */
export function readOrder(visit: Visit, kind: OrderedKind, form: SentForm): ReportOrder | OrderField[] {
  switch (kind) {
    case 'register':
      return { kind }
    case 'audit':
    case 'transparency':
    case 'tickets': {
      const period = readPeriod(visit, form)
      return Array.isArray(period) ? period : { kind, ...period }
    }
    case 'drift': {
      const contract = contractIn(visit, form)
      const { from = '', to = '' } = form
      if (contract === null) return ['contract']
      return isPeriod(from, to) ? { kind, contract, from, to } : ['from', 'to']
    }
    case 'exit': {
      const contract = contractIn(visit, form)
      return contract === null ? ['contract'] : { kind, contract }
    }
    case 'breach': {
      const breach = readBreach(visit, form)
      return Array.isArray(breach) ? breach : { kind, breach }
    }
  }
}

function contractIn({ bundle }: Visit, form: SentForm): ContractId | null {
  return bundle.contracts.get((form['contract'] ?? '') as ContractId)?.id ?? null
}
