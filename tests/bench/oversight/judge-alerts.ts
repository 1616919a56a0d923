import type { PlantedCase, PlantedKind } from '@varco/demo/labels'
import type { Alert } from '@varco/oversight'

export interface RuleScore {
  readonly planted: number
  readonly found: number
  readonly alerts: number
  /** Alerts about somebody, or a contract, that did misbehave at that time. */
  readonly right: number
  readonly nearMisses: number
  /** Near-misses of the rule's kind that it alerted on. */
  readonly alarmed: number
}

export interface Judgement {
  readonly recall: number
  readonly precision: number
  readonly perRule: Readonly<Record<string, RuleScore>>
  readonly missed: readonly PlantedCase[]
  readonly wrong: readonly Alert[]
}

/**
 * A planted case is found by an alert of its own kind about the same operator, or contract, at the time. An alert is right
 * when somebody misbehaved there and then, in whatever way: one act may break several rules.
 */
export function judgeAlerts(
  alerts: readonly Alert[],
  cases: readonly PlantedCase[],
  kinds: readonly PlantedKind[],
): Judgement {
  const guilty = cases.filter(({ honest }) => !honest)
  const isRight = (alert: Alert): boolean => guilty.some((planted) => concerns(alert, planted))
  const isFound = (planted: PlantedCase): boolean =>
    alerts.some((alert) => alert.rule === planted.kind && concerns(alert, planted))
  const perRule = Object.fromEntries(
    kinds.map((kind): [string, RuleScore] => {
      const planted = guilty.filter((each) => each.kind === kind)
      const near = cases.filter((each) => each.honest && each.kind === kind)
      const raised = alerts.filter(({ rule }) => rule === kind)
      return [
        kind,
        {
          planted: planted.length,
          found: planted.filter(isFound).length,
          alerts: raised.length,
          right: raised.filter(isRight).length,
          nearMisses: near.length,
          alarmed: near.filter(isFound).length,
        },
      ]
    }),
  )
  const missed = guilty.filter((planted) => !isFound(planted))
  const wrong = alerts.filter((alert) => !isRight(alert))
  return {
    recall: guilty.length === 0 ? 1 : (guilty.length - missed.length) / guilty.length,
    precision: alerts.length === 0 ? 1 : (alerts.length - wrong.length) / alerts.length,
    ...{ perRule, missed, wrong },
  }
}

function concerns(alert: Alert, planted: PlantedCase): boolean {
  const same =
    planted.operator === null
      ? alert.operator === null && alert.contract === planted.contract && namesTicket(alert, planted)
      : alert.operator === planted.operator
  return same && alert.firstAt < planted.to && alert.lastAt >= planted.from
}

function namesTicket({ facts }: Alert, { ticket }: PlantedCase): boolean {
  return facts.some((fact) => fact.code === 'tickets-split' && fact.tickets.includes(ticket ?? ''))
}
