import type { Grant } from '@varco/engagement'
import type { Act } from '../act/act.ts'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { grantsText } from './text.ts'

/** What can be done about a grant, as it is told beforehand. */
export function approval(visit: Visit, grant: Grant): Act {
  const t = grantsText[visit.locale]
  const { matter, pseudonym, id } = grant
  const data = `${namesOf(visit.bundle, visit.locale).resource(matter.resource)} ${matter.record ?? matter.dataSubject ?? ''}`
  return {
    to: `/grants/${id}/approve`,
    title: t.approveTitle,
    consequences: t.approveConsequences(pseudonym, data.trim()),
    button: t.approve,
  }
}

export function refusal({ locale }: Visit, { id }: Grant): Act {
  const t = grantsText[locale]
  return {
    to: `/grants/${id}/refuse`,
    title: t.refuseTitle,
    consequences: t.refuseConsequences,
    button: t.refuse,
    danger: true,
  }
}

export function revocation({ locale }: Visit, { id }: Grant, byAsker: boolean): Act {
  const t = grantsText[locale]
  return {
    to: `/grants/${id}/revoke`,
    title: byAsker ? t.withdrawTitle : t.revokeTitle,
    consequences: t.revokeConsequences,
    button: byAsker ? t.withdraw : t.revoke,
    danger: true,
  }
}

export function review({ locale }: Visit, { id }: Grant): Act {
  const t = grantsText[locale]
  return {
    to: `/grants/${id}/review`,
    title: t.reviewTitle,
    consequences: t.reviewConsequences,
    button: t.review,
  }
}

export function emergency({ locale }: Visit): Act {
  const t = grantsText[locale]
  return {
    to: '/grants/new',
    title: t.emergencyTitle,
    consequences: t.emergencyConsequences,
    button: t.emergencyButton,
    danger: true,
  }
}
