import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import { homeText } from './text.ts'
import type { Waiting } from './waiting.ts'

/** What needs a person today, each with the page where it is done. */
export function WaitingList({ visit, waiting }: { visit: Visit; waiting: Waiting }): JSX.Element {
  const t = homeText[visit.locale]
  const { instant } = visit.formats
  const items = [
    {
      count: waiting.logCheck === 'not-whole' ? 1 : 0,
      text: () => t.logNotWhole,
      href: '#log-state',
      late: true,
    },
    { count: waiting.lateAnchors, text: t.lateAnchors, href: '#log-state', late: true },
    { count: waiting.overdueRequests, text: t.overdueRequests, href: '/requests', late: true },
    { count: waiting.requestsDueSoon, text: t.requestsDueSoon, href: '/requests', late: false },
    { count: waiting.openAlerts, text: t.openAlerts, href: '/alerts', late: false },
    { count: waiting.plansToApprove, text: t.plansToApprove, href: '/retention', late: false },
    { count: waiting.overdueRetention, text: t.overdueRetention, href: '/retention', late: true },
    { count: waiting.holdsToReview, text: t.holdsToReview, href: '/retention/holds', late: true },
    {
      count: waiting.emergenciesToReview,
      text: t.emergenciesToReview,
      href: '/grants?view=reviews',
      late: true,
    },
    { count: waiting.stepsToConfirm, text: t.stepsToConfirm, href: '/contracts', late: false },
    { count: waiting.openingsToDecide, text: t.openingsToDecide, href: '/alerts/openings', late: false },
    { count: waiting.noticesToSend, text: t.noticesToSend, href: '/requests/notices', late: false },
    {
      count: waiting.logCheck === 'late' ? 1 : 0,
      text: () => t.logCheckLate,
      href: '#log-state',
      late: false,
    },
  ].filter(({ count }) => count > 0)
  return (
    <section class="waiting-list">
      <h2 class="h5">{t.waitingTitle}</h2>
      {waiting.silentSince === null ? null : (
        <p class="alert alert-danger" role="alert">
          {t.silent(instant(waiting.silentSince))}
        </p>
      )}
      {items.length === 0 ? (
        <p>{t.nothingWaits}</p>
      ) : (
        <ul class="plain-list">
          {items.map(({ count, text, href, late }) => (
            <li class={late ? 'late' : ''}>
              <Icon
                name={late ? 'warning-circle' : 'clock'}
                class={`icon-sm ${late ? 'icon-danger' : 'icon-primary'}`}
              />
              <a href={href}>{text(count)}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
