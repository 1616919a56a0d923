import { microsToIso } from '@varco/core'
import type { Notice } from '@varco/engagement'

export interface NoticeMail {
  readonly subject: string
  readonly text: string
}

/**
 * What a unit reads, in Italian first. It names no citizen and no record: mail travels and stays where nobody records
 * who reads it. What is to be decided is read in the console.
 */
export function noticeMail(notice: Notice, consoleUrl: string): NoticeMail {
  const { grant, contract, purpose, resource, reviewDue } = notice
  const link = `${consoleUrl}/grants/${encodeURIComponent(grant)}`
  const due = reviewDue === null ? null : microsToIso(reviewDue).slice(0, 10)
  const italian = [
    notice.headline.it,
    `Numero: ${grant}`,
    `Contratto: ${contract ?? 'personale interno'}`,
    `Dati: ${resource} - finalità: ${purpose}`,
    due === null ? `Per decidere: ${link}` : `Da riesaminare entro il ${due}: ${link}`,
  ]
  const english = [
    notice.headline.en,
    `Number: ${grant}`,
    `Contract: ${contract ?? 'the body’s own staff'}`,
    `Data: ${resource} - purpose: ${purpose}`,
    due === null ? `To decide: ${link}` : `To be reviewed by ${due}: ${link}`,
  ]
  return {
    subject: `${notice.headline.it} / ${notice.headline.en}`,
    text: [...italian, '', ...english, ''].join('\n'),
  }
}
