import type { Identity, Opening } from '@varco/access-log'
import type { Alert } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { identityDecision } from './alert-acts.ts'
import { AllOfPerson } from './all-of-person.tsx'
import { AlertTable } from './alerts-page.tsx'
import { EarlierOpenings } from './earlier-openings.tsx'
import { alertsText } from './text.ts'
import { decidedUntil, type WaitingOpening } from './waiting-openings.ts'

export interface OpeningPageProps {
  readonly visit: Visit
  readonly opening: WaitingOpening
  readonly result: ActResult
  /** About the same pseudonym, the newest first; somebody may have asked without any. */
  readonly alerts: readonly Alert[]
  readonly earlier: readonly Opening[]
  readonly mayOpen: boolean
  /** Just opened by whoever looks: shown this once. */
  readonly opened: Identity | null
}

/** One opening that was asked for: the case, the reason, what is known of the pseudonym; and the second person’s word. */
export function OpeningPage(props: OpeningPageProps): JSX.Element {
  const { visit, opening, result, alerts, opened, earlier } = props
  const { request } = opening
  const t = alertsText[visit.locale]
  const { formats } = visit
  return (
    <CasePage
      visit={visit}
      title={t.openingTitle(request.pseudonym)}
      above={[
        { title: t.title, href: '/alerts' },
        { title: t.openings, href: '/alerts/openings' },
      ]}
      badge={
        opened === null ? (
          <StateBadge tone="warning" icon="clock">
            {t.openingWaits}
          </StateBadge>
        ) : (
          <StateBadge tone="deny" icon="check-circle">
            {t.identityOpened}
          </StateBadge>
        )
      }
      result={result}
      acts={<Deciding {...props} />}
    >
      {opened === null ? null : <Opened visit={visit} identity={opened} />}
      <section>
        <h2 class="h5">{t.openingAsked}</h2>
        <Facts
          of={[
            [
              t.pseudonym,
              <>
                <code>{request.pseudonym}</code> <AllOfPerson visit={visit} operator={request.pseudonym} />
              </>,
            ],
            [t.identityCase, <code>{request.caseId}</code>],
            [t.reason, <p class="said">{request.reason}</p>],
            [t.openingAskedBy, <code>{request.requestedBy}</code>],
            [t.openingAskedOn, formats.exact(request.requestedAt)],
            [t.openingUntil, formats.exact(decidedUntil(request))],
          ]}
        />
      </section>
      <section>
        <h2 class="h5">{t.alertsOfPseudonym}</h2>
        {alerts.length === 0 ? (
          <p>{t.noAlertOfPseudonym}</p>
        ) : (
          <AlertTable visit={visit} alerts={alerts} caption={t.alertsOfPseudonym} />
        )}
      </section>
      <EarlierOpenings visit={visit} openings={earlier} />
      <p class="hint">{t.readingRecorded}</p>
    </CasePage>
  )
}

/** Before all else: it is shown this once. */
function Opened({ visit, identity }: { visit: Visit; identity: Identity }): JSX.Element {
  const t = alertsText[visit.locale]
  return (
    <section class="panel act act-danger" role="status">
      <h2 class="h5">{t.identityOpened}</h2>
      <Facts
        of={[
          [t.externalId, <code>{identity.externalId}</code>],
          [t.issuer, <code>{identity.issuer}</code>],
        ]}
      />
      <p class="mb-0">{t.identityOnce}</p>
    </section>
  )
}

function Deciding({ visit, opening, mayOpen, opened }: OpeningPageProps): JSX.Element | null {
  const t = alertsText[visit.locale]
  if (opened !== null) return null
  if (opening.isOwn) return <p class="panel">{t.identityWaits}</p>
  if (!mayOpen) return null
  return (
    <>
      <ActForm visit={visit} act={identityDecision(visit, opening.request.id, 'open')} />
      <ActForm visit={visit} act={identityDecision(visit, opening.request.id, 'refuse')} />
    </>
  )
}
