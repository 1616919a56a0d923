import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import type { RuleProblem } from './rule-draft.ts'
import { ruleTermsText } from './rule-terms-text.ts'
import { retentionText } from './text.ts'

/** Why a rule cannot be as it is written: where, in the reader's language, and what the policy says of it, which is in English. */
export function RuleProblems(props: { visit: Visit; problems: readonly RuleProblem[] }): JSX.Element | null {
  const { visit, problems } = props
  if (problems.length === 0) return null
  const t = retentionText[visit.locale]
  return (
    <div class="alert alert-danger" role="alert">
      <p class="mb-1">{t.badRule}</p>
      <ul class="mb-0">
        {problems.map((problem) => (
          <li>
            <Where visit={visit} problem={problem} /> <small lang="en">{problem.detail}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Where({ visit, problem }: { visit: Visit; problem: RuleProblem }): JSX.Element {
  const t = retentionText[visit.locale]
  const words = ruleTermsText[visit.locale]
  const [part = '', of] = problem.part
  const fields: Readonly<Record<string, readonly [id: string | null, label: string]>> = {
    id: ['id', t.ruleId],
    title: of === 'en' ? ['title-en', t.titleEn] : ['title-it', t.titleIt],
    trigger: ['trigger', t.trigger],
    after: ['after', t.afterLabel],
    align: ['align', t.alignLabel],
    keep_at_least: [null, words.floorsTitle],
    action: ['action', t.action],
    masks: [null, t.masksTitle],
    masks_by_category: [null, t.masksTitle],
    quasi_identifiers: [null, words.quasiTitle],
    approval: ['approval', t.approvalLabel],
    owner: ['owner', t.ownerLabel],
    on_request: ['on-request', t.onRequestLabel],
    schedule: ['schedule', t.scheduleLabel],
    because: ['because', t.norm],
  }
  const field = Object.hasOwn(fields, part) ? fields[part] : undefined
  if (field === undefined) return <>{t.badWhole}</>
  const [id, label] = field
  return (
    <>
      {id === null ? label : <a href={`#${id}`}>{label}</a>}: {t.badPart}
    </>
  )
}
