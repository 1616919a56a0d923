import type { Act } from '../act/act.ts'
import type { Visit } from '../visit/visit.ts'
import { meText } from './text.ts'

/** The worker's own word on an alert about them. */
export function contestAct({ locale }: Pick<Visit, 'locale'>, id: string): Act {
  const t = meText[locale]
  return {
    to: `/me/alerts/${encodeURIComponent(id)}/contest`,
    title: t.contestTitle,
    consequences: t.contestConsequences,
    button: t.contestButton,
  }
}
