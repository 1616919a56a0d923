import type { HtmlEscapedString } from 'hono/utils/html'
import { asHtml } from '../layout/document.tsx'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import type { FilledAct } from './act.ts'
import { Consequences } from './act-form.tsx'
import { SURE_FIELD } from './confirmed.ts'
import { actText } from './text.ts'

/** Asks once more: what was stated, what will happen, and the way back. */
export function confirmPage(visit: Visit, act: FilledAct): HtmlEscapedString | Promise<HtmlEscapedString> {
  const t = actText[visit.locale]
  return asHtml(
    <Page visit={visit} title={act.title} above={act.above} lead={t.confirmLead}>
      <form
        method="post"
        action={act.to}
        class={`narrow panel act ${act.danger === true ? 'act-danger' : ''}`}
      >
        {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
        {Object.entries(act.carried).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name={SURE_FIELD} value="yes" />
        {act.stated.length === 0 ? null : (
          <>
            <h2 class="h6">{t.youWrote}</h2>
            <Facts of={act.stated} />
          </>
        )}
        <Consequences visit={visit} of={[...act.consequences, t.recorded]} />
        <p class="buttons">
          <button type="submit" class={`btn btn-icon ${act.danger === true ? 'btn-danger' : 'btn-primary'}`}>
            <Icon name="check" class="icon-white icon-sm me-1" />
            <span>{act.button}</span>
          </button>
          <a class="btn btn-outline-primary" href={act.above.at(-1)?.href ?? '/'}>
            {t.back}
          </a>
        </p>
      </form>
    </Page>,
  )
}
