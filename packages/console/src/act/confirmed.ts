/** Set by the page that asks a second time, and by nothing else. */
export const SURE_FIELD = 'sure'

/** What a form sent, texts alone: a file or a field sent twice is left out. */
export type SentForm = Readonly<Record<string, string>>

export function sentForm(body: Readonly<Record<string, unknown>>): SentForm {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** What the page that asks a second time carries on of a form; its token is the page's own. */
export function carriedFrom({ csrf: _csrf, ...carried }: SentForm): SentForm {
  return carried
}

/** Whether the person has been told what will happen, and has said yes. */
export function isConfirmed(form: SentForm): boolean {
  return form[SURE_FIELD] === 'yes'
}
