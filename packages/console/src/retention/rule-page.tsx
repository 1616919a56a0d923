import type { ResourceName } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { SelectField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { Page } from '../layout/page.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { pagesAbove } from './retention-frame.tsx'
import { PREVIEW_MOST, type RuleDocument, type RulePreview, type RuleProblem } from './rule-draft.ts'
import { RuleFields } from './rule-fields.tsx'
import { RuleProblems } from './rule-problems.tsx'
import { retentionText } from './text.ts'

export interface RulePageProps {
  readonly visit: Visit
  /** As in the form. */
  readonly rule: RuleDocument
  readonly inForce: RulePreview | null
  readonly drafted: RulePreview | null
  readonly problems: readonly RuleProblem[]
  /** It is not among those in force. */
  readonly isNew?: boolean
}

/** One retention rule, to be changed into a draft; what would be due stands beside it, as it is changed. */
export function RulePage(props: RulePageProps): JSX.Element {
  const { visit, rule, inForce, drafted, problems, isNew = false } = props
  const t = retentionText[visit.locale]
  const here = isNew ? NEW_RULE : ruleHref(rule.id)
  const session = visit.viewer?.session
  return (
    <Page
      visit={visit}
      title={
        isNew
          ? t.newTitle(namesOf(visit.bundle, visit.locale).resource(rule.resource))
          : t.editTitle(rule.title[visit.locale])
      }
      above={pagesAbove(visit, 'rules')}
      lead={t.editLead}
    >
      <form method="post" action={here} autocomplete="off" data-preview={`${here}/preview`}>
        {session === undefined ? null : <CsrfField session={session} />}
        <div class="event-columns">
          <div class="panel act">
            <RuleProblems visit={visit} problems={problems} />
            {isNew ? <NewRuleFields visit={visit} rule={rule} /> : null}
            <RuleFields visit={visit} rule={rule} />
            <p class="buttons">
              <button type="submit" class="btn btn-primary">
                {t.save.button}
              </button>
              <button type="submit" class="btn btn-outline-primary" formaction={`${here}/preview`}>
                {t.previewButton}
              </button>
            </p>
          </div>
          <div id="preview" aria-live="polite">
            <Preview visit={visit} inForce={inForce} drafted={drafted} />
          </div>
        </div>
      </form>
    </Page>
  )
}

export const NEW_RULE = '/retention/new-rule'

export function ruleHref(id: string): string {
  return `/retention/rules/${encodeURIComponent(id)}`
}

/** What only a new rule has to say: its name, once and for all. */
function NewRuleFields({ visit, rule }: Pick<RulePageProps, 'visit' | 'rule'>): JSX.Element {
  const t = retentionText[visit.locale]
  return (
    <>
      <input type="hidden" name="resource" value={rule.resource} />
      <TextField
        name="id"
        label={t.ruleId}
        help={t.ruleIdHelp}
        value={rule.id}
        maxlength={64}
        result={null}
      />
    </>
  )
}

/** Whose rule a new one is to be: the first step of writing it. */
export function NewRulePage(props: { visit: Visit; resources: readonly ResourceName[] }): JSX.Element {
  const { visit, resources } = props
  const t = retentionText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <Page visit={visit} title={t.newRule} above={pagesAbove(visit, 'rules')} lead={t.editLead}>
      <form method="get" action={NEW_RULE} class="narrow panel act">
        <SelectField
          name="resource"
          label={t.resource}
          help={t.newRuleHelp}
          result={null}
          options={resources
            .map((value) => ({ value, title: names.resource(value) }))
            .sort((a, b) => a.title.localeCompare(b.title, visit.locale))}
        />
        <button type="submit" class="btn btn-primary mt-3">
          {t.goOn}
        </button>
      </form>
    </Page>
  )
}

/** What would be due today, before and after the change. Also sent alone, to a page that refreshes it. */
export function Preview(props: Pick<RulePageProps, 'visit' | 'inForce' | 'drafted'>): JSX.Element {
  const { visit, inForce, drafted } = props
  const t = retentionText[visit.locale]
  const { number, calendarDay } = visit.formats
  const said = (preview: RulePreview | null): string =>
    preview === null
      ? '–'
      : `${preview.complete ? number(preview.due) : t.previewMost(number(PREVIEW_MOST))} (${t.previewUpTo(calendarDay(preview.upTo))})`
  return (
    <section class="panel">
      <h2 class="h5">{t.preview}</h2>
      <Facts
        of={[
          [t.previewNow, said(inForce)],
          [t.previewThen, said(drafted)],
        ]}
      />
    </section>
  )
}
