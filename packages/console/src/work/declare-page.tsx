import { MAX_HOURS } from '@varco/engagement'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { LongTextField, TextField } from '../act/fields.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { workText } from './text.ts'

/** How the hours of a purpose are called in the form. */
export const HOURS_FIELD = 'hours-'

/** A form for whoever has a token; for somebody signed in there is none, since the console would know them. */
export function DeclarePage(props: {
  visit: Visit
  result: ActResult
  typed?: Readonly<Record<string, string>>
}): JSX.Element {
  const { visit, result, typed = {} } = props
  const t = workText[visit.locale]
  const purposes = Object.entries(visit.bundle.document.purposes)
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      <ActNote visit={visit} result={result} />
      {visit.viewer === null ? (
        <form method="post" action="/work" class="panel" autocomplete="off">
          <LongTextField
            name="token"
            label={t.token}
            help={t.tokenHelp}
            value={typed['token'] ?? ''}
            result={result}
            maxlength={4_000}
          />
          <fieldset>
            <legend class="h5">{t.hours}</legend>
            <p class="hint">{t.hoursHelp}</p>
            {purposes.map(([purpose, { title }]) => (
              <TextField
                name={`${HOURS_FIELD}${purpose}`}
                label={title[visit.locale]}
                type="number"
                min={0}
                max={MAX_HOURS}
                required={false}
                value={typed[`${HOURS_FIELD}${purpose}`] ?? ''}
                result={result}
              />
            ))}
          </fieldset>
          <p>{t.once}</p>
          <button type="submit" class="btn btn-primary">
            {t.submit}
          </button>
        </form>
      ) : (
        <p class="alert alert-warning">{t.signedIn}</p>
      )}
    </Page>
  )
}
