import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { loginText } from './text.ts'

/**
 * Stands before a sensitive act of somebody whose proof of who they are has grown old.
 * @param props.to page to show afterwards
 */
export function ProveAgainPage({ visit, to }: { visit: Visit; to: string }): JSX.Element {
  const t = loginText[visit.locale]
  return (
    <Page visit={visit} title={t.againTitle} above={[]} lead={t.againLead}>
      <div class="narrow">
        <p>{t.againText}</p>
        <p>
          <a
            class="btn btn-primary btn-icon"
            href={`/login/again/start?${new URLSearchParams({ to }).toString()}`}
          >
            <Icon name="user" class="icon-white me-2" />
            <span>{t.againGo}</span>
          </a>
        </p>
        <p>
          <a href="/">{t.againBack}</a>
        </p>
      </div>
    </Page>
  )
}
