import type { HtmlEscapedString } from 'hono/utils/html'
import { asHtml } from '../layout/document.tsx'
import { Page } from '../layout/page.tsx'
import { rolesFor, type Permission } from '../visit/permissions.ts'
import type { Visit } from '../visit/visit.ts'
import { RequestNumber } from './failure-page.tsx'
import { errorText } from './text.ts'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** For a 403: who may see the page, and what the person is. */
export function forbiddenPage(visit: Visit, permission: Permission): Html {
  const t = errorText[visit.locale]
  const { roles, units } = visit.bundle.document.varco
  const assignments = (visit.viewer?.assignments ?? []).filter(({ contract }) => contract === null)
  return asHtml(
    <Page visit={visit} title={t.forbiddenTitle} above={[]} lead={t.forbiddenLead}>
      {assignments.length === 0 ? (
        <p>{t.noAssignment}</p>
      ) : (
        <>
          <p class="mb-1">{t.yourRoles}</p>
          <ul>
            {assignments.map(({ role, unit }) => (
              <li>
                {roles[role]?.title[visit.locale] ?? role}, {units[unit]?.title[visit.locale] ?? unit}
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="mb-1">{t.neededRoles}</p>
      <ul>
        {rolesFor(permission, visit.bundle).map((role) => (
          <li>{roles[role]?.title[visit.locale] ?? role}</li>
        ))}
      </ul>
      <p>{t.forbiddenHelp}</p>
      <p>
        <a class="btn btn-primary" href="/">
          {t.backHome}
        </a>
      </p>
      <RequestNumber locale={visit.locale} requestId={visit.requestId} />
    </Page>,
  )
}

/** For a 404 inside the console: says nothing on whether the entry ever was. */
export function notFoundPage(visit: Visit): Html {
  const { notFoundTitle, notFoundLead } = errorText[visit.locale]
  return refusalPage(visit, notFoundTitle, notFoundLead)
}

/** For a 403 on a form that does not come from this session's pages. */
export function badFormPage(visit: Visit): Html {
  const { badFormTitle, badFormLead } = errorText[visit.locale]
  return refusalPage(visit, badFormTitle, badFormLead)
}

function refusalPage(visit: Visit, title: string, lead: string): Html {
  return asHtml(
    <Page visit={visit} title={title} above={[]} lead={lead}>
      <p>
        <a class="btn btn-primary" href="/">
          {errorText[visit.locale].backHome}
        </a>
      </p>
      <RequestNumber locale={visit.locale} requestId={visit.requestId} />
    </Page>,
  )
}
