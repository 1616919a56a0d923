import type { JSX } from 'hono/jsx/jsx-runtime'
import { TextField } from '../act/fields.tsx'
import type { Visit } from '../visit/visit.ts'
import { contractWords } from './contract-words.ts'
import { isTold, type Period } from './period.ts'

/** Chooses the months of a figure; it stands in the address. */
export function PeriodForm({ visit, period }: { visit: Visit; period: Period }): JSX.Element {
  const t = contractWords[visit.locale]
  return (
    <form method="get" action={visit.url.pathname} class="panel question">
      {period.isMended ? <p class="field-problem">{t.badPeriod}</p> : null}
      {isTold(visit, period.to) ? null : <p class="hint">{t.monthThatRuns}</p>}
      <div class="fields">
        <TextField
          name="from"
          label={t.from}
          help={t.monthHelp}
          maxlength={7}
          value={period.from}
          result={null}
        />
        <TextField name="to" label={t.to} maxlength={7} value={period.to} result={null} />
        <div class="buttons">
          <button type="submit" class="btn btn-primary">
            {t.show}
          </button>
        </div>
      </div>
    </form>
  )
}
