import { microsToIso, type ContractId, type Locale, type Localized, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { UnknownContractError } from '../errors.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf } from '../report/titles.ts'
import { actionOf } from '../report/wording.ts'
import type { DriftReport, DriftReportContent, ReportedDrift } from './drift-report.ts'

/** One purpose, action or category that a contract was worked on; shares from 0 to 1. */
export interface DriftFact {
  readonly value: string
  readonly title: Localized | null
  readonly contracted: boolean
  readonly clause: string | null
  readonly count: number | null
  readonly refused: number | null
  readonly share: number | null
  readonly monthly: readonly {
    readonly month: string
    readonly count: number | null
    readonly share: number | null
  }[]
  readonly trend: number | null
  readonly firstSeen: Micros
  readonly evidence: readonly string[]
}

/** Work off the system of one purpose, as it was declared. */
export interface DeclaredFact extends Pick<DriftFact, 'value' | 'title' | 'contracted' | 'clause'> {
  readonly hours: number | null
  readonly monthly: readonly { readonly month: string; readonly hours: number | null }[]
}

/** A contract's work against its annex, as whoever watches the log worked it out. */
export interface DriftFacts {
  readonly contract: string
  readonly from: string
  readonly to: string
  readonly minGroup: number
  readonly accesses: number | null
  readonly outside: number | null
  /** Whether it may be more, for counts are held back. */
  readonly outsideAtLeast: boolean
  readonly rows: Readonly<Record<'purpose' | 'action' | 'category', readonly DriftFact[]>>
  readonly declared: {
    readonly hours: number | null
    readonly rows: readonly DeclaredFact[]
    readonly months: readonly {
      readonly month: string
      readonly key: string
      readonly evidence: readonly string[]
      readonly unsigned: number
    }[]
  }
}

export interface DriftReportDeps extends MakingDeps {
  readonly bundle: Bundle
}

/**
 * The page to attach to a formal notice: what was done under a contract beyond its annex.
 * @throws UnknownContractError when the bundle does not know the contract
 * @throws UnavailableError when the making cannot be recorded
 */
export async function makeDriftReport(
  deps: DriftReportDeps,
  facts: DriftFacts,
  { locale, requestedBy }: { readonly locale: Locale; readonly requestedBy: string },
): Promise<DriftReport> {
  const { bundle } = deps
  const contract = bundle.contracts.get(facts.contract as ContractId)
  if (contract === undefined) throw new UnknownContractError()
  const say = sayIn(locale)
  const content: DriftReportContent = {
    format: 'varco/scope-drift-report',
    ...frameOf(bundle, locale),
    contract: {
      id: contract.id,
      reference: contract.document.reference,
      title: say.of(contract.document.title),
      company: titlesOf(bundle, say).company(contract.processor),
    },
    period: { from: facts.from, to: facts.to },
    min_group: facts.minGroup,
    accesses: facts.accesses,
    outside_at_least: facts.outsideAtLeast,
    outside: facts.outside === null ? null : hundredths(facts.outside),
    purposes: facts.rows.purpose.map((row) => reported(row, say)),
    actions: facts.rows.action.map((row) => reported(row, say)),
    categories: facts.rows.category.map((row) => reported(row, say)),
    declared: declaredOf(facts, say),
  }
  return recordMaking(deps, content, { requestedBy })
}

function reported(row: DriftFact, say: Say): ReportedDrift {
  const { value, title, contracted, clause, count, refused, share, monthly, trend, firstSeen, evidence } = row
  const none = say('non indicata', 'not stated')
  return {
    value: {
      id: value,
      title: title === null ? (value === '' ? none : actionOf('access', value, say)) : say.of(title),
    },
    ...{ contracted, clause, refused, trend },
    accesses: count,
    share: share === null ? null : hundredths(share),
    monthly: monthly.map((each) => ({
      month: each.month,
      accesses: each.count,
      share: each.share === null ? null : hundredths(each.share),
    })),
    first_seen: microsToIso(firstSeen),
    evidence: [...evidence],
  }
}

function declaredOf({ declared: { hours, rows, months } }: DriftFacts, say: Say): DriftReport['declared'] {
  return {
    hours,
    purposes: rows.map(({ value, title, contracted, clause, ...row }) => ({
      value: { id: value, title: title === null ? value : say.of(title) },
      ...{ contracted, clause, hours: row.hours },
      monthly: row.monthly.map((each) => ({ ...each })),
    })),
    months: months.map(({ evidence, ...month }) => ({ ...month, evidence: [...evidence] })),
  }
}

function hundredths(share: number): number {
  return Math.round(share * 1_000) / 10
}
