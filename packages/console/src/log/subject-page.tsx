import type { JSX } from 'hono/jsx/jsx-runtime'
import type { ResourceName } from '@varco/core'
import { namesOf } from '../i18n/names.ts'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { logText } from './text.ts'

export type SubjectProblem = 'by' | 'identifier' | 'case' | 'nobody'

export interface SubjectPageProps {
  readonly visit: Visit
  readonly typed: { readonly by: string; readonly identifier: string; readonly case: string }
  readonly problems: readonly SubjectProblem[]
  /** Where the answer is shown: the log's list, or who looked by month. */
  readonly next: 'log' | 'looks'
}

/** Asks for whom, by what and why, before anything is searched. */
export function SubjectPage({ visit, typed, problems, next }: SubjectPageProps): JSX.Element {
  const t = logText[visit.locale]
  const about = (
    name: SubjectProblem,
  ): { readonly 'aria-describedby': string; readonly 'aria-invalid'?: 'true' } => ({
    'aria-describedby': `${name}-help ${name}-problem`,
    ...(problems.includes(name) ? { 'aria-invalid': 'true' } : {}),
  })
  return (
    <Page
      visit={visit}
      title={t.subjectTitle}
      above={next === 'looks' ? [] : [{ title: t.title, href: '/log' }]}
      lead={t.subjectLead}
    >
      <div class="narrow">
        {problems.length === 0 ? null : (
          <div class={`alert ${problems.includes('nobody') ? 'alert-info' : 'alert-danger'}`} role="alert">
            {problems.includes('nobody') ? (
              t.subjectProblems.nobody
            ) : (
              <>
                <p class="mb-1">{t.formProblem}</p>
                <ul class="mb-0">
                  {problems.map((problem) => (
                    <li>
                      <a href={`#${problem}`}>{t.subjectProblems[problem]}</a>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
        <p class="banner">
          <Icon name="info-circle" class="icon-primary" />
          <span>{t.subjectWarning}</span>
        </p>
        <form method="post" action="/log/data-subject" class="panel" autocomplete="off">
          {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
          <input type="hidden" name="next" value={next} />
          <div class="field">
            <label for="by">{t.subjectBy}</label>
            <select id="by" name="by" required {...about('by')}>
              {waysToFind(visit).map(({ value, title }) => (
                <option value={value} selected={value === typed.by}>
                  {title}
                </option>
              ))}
            </select>
            <FieldProblem visit={visit} name="by" problems={problems} />
          </div>
          <div class="field">
            <label for="identifier">{t.subjectIdentifier}</label>
            <input
              id="identifier"
              name="identifier"
              type="text"
              class="form-control"
              required
              maxlength={128}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              value={typed.identifier}
              {...about('identifier')}
            />
            <p class="hint" id="identifier-help">
              {t.subjectIdentifierHelp}
            </p>
            <FieldProblem visit={visit} name="identifier" problems={problems} />
          </div>
          <div class="field">
            <label for="case">{t.subjectCase}</label>
            <input
              id="case"
              name="case"
              type="text"
              class="form-control"
              required
              maxlength={30}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              value={typed.case}
              {...about('case')}
            />
            <p class="hint" id="case-help">
              {t.subjectCaseHelp}
            </p>
            <FieldProblem visit={visit} name="case" problems={problems} />
          </div>
          <button type="submit" class="btn btn-primary">
            {t.subjectSubmit}
          </button>
        </form>
      </div>
    </Page>
  )
}

function FieldProblem(props: {
  visit: Visit
  name: SubjectProblem
  problems: readonly SubjectProblem[]
}): JSX.Element | null {
  if (!props.problems.includes(props.name)) return null
  return (
    <p class="field-problem" id={`${props.name}-problem`}>
      {logText[props.visit.locale].subjectProblems[props.name]}
    </p>
  )
}

export interface WayToFind {
  /** `kind:field` */
  readonly value: string
  readonly title: string
  readonly kind: string
  readonly field: string
}

/** What the bundle lets one find a data subject by, and the key of their record. */
export function waysToFind({ bundle, locale }: Pick<Visit, 'bundle' | 'locale'>): readonly WayToFind[] {
  const names = namesOf(bundle, locale)
  return Object.entries(bundle.document.varco.data_subjects).flatMap(
    ([kind, { resource, find_by: fields }]) => {
      const key = bundle.resources.get(resource as ResourceName)?.key
      const all = [...new Set<string>([...fields, ...(key === undefined ? [] : [key])])]
      return all.map((field) => ({
        kind,
        field,
        value: `${kind}:${field}`,
        title: `${names.dataSubject(kind)} · ${
          field === key && !fields.includes(field) ? logText[locale].subjectKey : names.field(resource, field)
        }`,
      }))
    },
  )
}
