import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import type { Act } from './act.ts'
import { actText } from './text.ts'

/**
 * A form that does something, with what it will do beside its button. What it leads to asks once more before it is done
 * (`confirmPage`).
 */
export function ActForm(props: { visit: Visit; act: Act; children?: Child }): JSX.Element {
  const { visit, act, children } = props
  return (
    <section class={act.danger === true ? 'panel act act-danger' : 'panel act'}>
      <h2 class="h5">{act.title}</h2>
      <form
        method="post"
        action={act.to}
        autocomplete="off"
        {...(act.upload === true ? { enctype: 'multipart/form-data' } : {})}
      >
        {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
        {children}
        <Consequences visit={visit} of={act.consequences} />
        <button type="submit" class={`btn ${act.danger === true ? 'btn-outline-danger' : 'btn-primary'}`}>
          {act.button}
        </button>
      </form>
    </section>
  )
}

export function Consequences({ visit, of }: { visit: Visit; of: readonly string[] }): JSX.Element {
  const t = actText[visit.locale]
  return (
    <>
      <p class="consequences-title">{t.whatHappens}</p>
      <ul class="consequences">
        {of.map((consequence) => (
          <li>{consequence}</li>
        ))}
      </ul>
    </>
  )
}
