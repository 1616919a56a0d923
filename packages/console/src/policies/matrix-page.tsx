import type { ResourceName } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { ChoiceField, choicesOf } from './choices.tsx'
import { PolicyPage } from './policy-page.tsx'
import { policiesText } from './text.ts'
import type { MatrixQuestion, VisibilityMatrix } from './visibility-matrix.ts'
import { VisibilityMark } from './visibility-mark.tsx'

/** What one role sees of one kind of data, field by purpose. */
export function MatrixPage(props: {
  visit: Visit
  asked: MatrixQuestion
  matrix: VisibilityMatrix
}): JSX.Element {
  const { visit, asked, matrix } = props
  const t = policiesText[visit.locale]
  const choices = choicesOf(visit)
  return (
    <PolicyPage visit={visit} section="matrix" title={t.matrixTitle} lead={t.matrixLead}>
      <form method="get" action="/policies/matrix" class="panel question">
        <div class="fields">
          <ChoiceField name="contract" label={t.worksFor} choices={choices.contract} value={asked.contract} />
          <ChoiceField name="role" label={t.role} choices={choices.role} value={asked.role} />
          <ChoiceField name="unit" label={t.unit} choices={choices.unit} value={asked.unit} />
          <ChoiceField name="resource" label={t.resource} choices={choices.resource} value={asked.resource} />
          <div class="buttons">
            <button type="submit" class="btn btn-primary">
              {t.show}
            </button>
          </div>
        </div>
      </form>
      <p class="hint">{t.matrixHelp}</p>
      {matrix.purposes.length === 0 ? (
        <p class="alert alert-info">{t.nothingSeen}</p>
      ) : (
        <MatrixTable visit={visit} asked={asked} matrix={matrix} />
      )}
    </PolicyPage>
  )
}

function MatrixTable(props: { visit: Visit; asked: MatrixQuestion; matrix: VisibilityMatrix }): JSX.Element {
  const { visit, asked, matrix } = props
  const t = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { categories } = visit.bundle.document.varco
  const fields = visit.bundle.resources.get(asked.resource as ResourceName)?.fields
  const caption = t.matrixCaption(names.role(asked.role), names.resource(asked.resource))
  return (
    <div class="scroller" tabindex={0} role="region" aria-label={caption}>
      <table class="table matrix">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.field}</th>
            <th scope="col">{t.category}</th>
            {matrix.purposes.map((purpose) => (
              <th scope="col">{names.purpose(purpose)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map(({ field, cells }) => {
            const category = fields?.get(field)?.category ?? ''
            return (
              <tr>
                <th scope="row">
                  {names.field(asked.resource, field)} <code>{field}</code>
                </th>
                <td>{categories[category]?.title[visit.locale] ?? category}</td>
                {cells.map(({ best, mask }) => (
                  <td>
                    <VisibilityMark outcome={best} mask={mask} locale={visit.locale} />
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
