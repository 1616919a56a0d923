import type { AgreedOfRule, RetentionPlan } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { FileField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { authorityText } from './authority-text.ts'
import { planHref } from './plans-page.tsx'
import { retentionText } from './text.ts'

export const LONGEST_REFERENCE = 100

export function letterHref(plan: string): string {
  return `${planHref(plan)}/letter`
}

/** What the authority's letter comes to, once it is confirmed. */
export function letterAct({ locale }: Pick<Visit, 'locale'>, plan: RetentionPlan): Act {
  return { to: letterHref(plan.id), ...authorityText[locale].letter, danger: true }
}

/** The way in for an authority's letter that agrees to a part of a plan. */
export function LetterPage(props: {
  visit: Visit
  plan: RetentionPlan
  reference: string
  result: ActResult
}): JSX.Element {
  const { visit, plan, reference, result } = props
  const t = authorityText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.letterTitle}
      above={letterAbove(visit, plan)}
      lead={t.letterLead(plan.id.slice(0, 8))}
    >
      <ActNote visit={visit} result={result} />
      <div class="narrow">
        <ActForm
          visit={visit}
          act={{ ...letterAct(visit, plan), danger: false, upload: true, button: t.readButton }}
        >
          <input type="hidden" name="hash" value={plan.hash} />
          <TextField
            name="reference"
            label={t.reference}
            maxlength={LONGEST_REFERENCE}
            value={reference}
            result={result}
          />
          <FileField name="list" label={t.file} help={t.fileHelp} accept=".csv,text/csv" result={result} />
        </ActForm>
      </div>
    </Page>
  )
}

/** What the letter takes and what it leaves, before it is confirmed. */
export function AgreedFacts(props: { visit: Visit; weighed: readonly AgreedOfRule[] }): JSX.Element {
  const { visit, weighed } = props
  const { columns, perRule, total } = authorityText[visit.locale]
  const { number } = visit.formats
  const names = namesOf(visit.bundle, visit.locale)
  const sum = (of: (each: AgreedOfRule) => number): string =>
    number(weighed.reduce((all, each) => all + of(each), 0))
  return (
    <>
      <p class="mb-2">
        <strong>
          {total(
            sum(({ agreed }) => agreed),
            sum(({ proposed }) => proposed),
          )}
        </strong>
      </p>
      <ListTable
        caption={perRule}
        columns={[columns.rule, columns.proposed, columns.agreed, columns.stay]}
        rows={weighed.map(({ rule, proposed, agreed }) => [
          names.retentionRule(rule),
          number(proposed),
          number(agreed),
          number(proposed - agreed),
        ])}
      />
    </>
  )
}

/** The pages above the letter's. */
export function letterAbove({ locale }: Pick<Visit, 'locale'>, { id }: Pick<RetentionPlan, 'id'>) {
  const t = retentionText[locale]
  return [
    { title: t.title, href: '/retention' },
    { title: t.plan(id.slice(0, 8)), href: planHref(id) },
  ]
}
