import type { Alert, AlertState } from '@varco/oversight'
import type { Act } from '../act/act.ts'
import type { Visit } from '../visit/visit.ts'
import { alertsText } from './text.ts'

/** What can be done about an alert, as it is told beforehand. */
export function answerAct({ locale }: Visit, { id }: Alert, state: Exclude<AlertState, 'open'>): Act {
  const t = alertsText[locale]
  return state === 'explained'
    ? {
        to: `/alerts/${id}/explain`,
        title: t.explainTitle,
        consequences: t.explainConsequences,
        button: t.explain,
      }
    : {
        to: `/alerts/${id}/confirm`,
        title: t.confirmTitle,
        consequences: t.confirmConsequences,
        button: t.confirm,
        danger: true,
      }
}

export function identityRequest({ locale }: Visit, { id }: Alert): Act {
  const t = alertsText[locale]
  return {
    to: `/alerts/${id}/identity`,
    title: t.identityRequestTitle,
    consequences: t.identityRequestConsequences,
    button: t.identityRequest,
  }
}

export function openingHref(request: string): string {
  return `/alerts/openings/${encodeURIComponent(request)}`
}

/** @param request the opening that was asked for */
export function identityDecision({ locale }: Visit, request: string, decision: 'open' | 'refuse'): Act {
  const t = alertsText[locale]
  const to = `${openingHref(request)}/${decision}`
  return decision === 'open'
    ? {
        to,
        title: t.identityApproveTitle,
        consequences: t.identityApproveConsequences,
        button: t.identityApprove,
        danger: true,
      }
    : {
        to,
        title: t.identityRefuseTitle,
        consequences: t.identityRefuseConsequences,
        button: t.identityRefuse,
      }
}
