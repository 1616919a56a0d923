import type { Micros } from '@varco/core'
import type { Grant, GrantRefused } from '@varco/engagement'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { ActResult } from '../act/act-note.tsx'
import { ActForm } from '../act/act-form.tsx'
import { ChoiceGroup, LongTextField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { logHref } from '../log/log-filters.ts'
import { policiesText } from '../policies/text.ts'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import { approval, refusal, review, revocation } from './grant-acts.ts'
import { GrantBadge } from './grant-badge.tsx'
import { grantStanding, reviewStanding } from './grant-standing.ts'
import { companyOfGrant } from './grants-page.tsx'
import { grantsText } from './text.ts'

export interface GrantPageProps {
  readonly visit: Visit
  readonly grant: Grant
  readonly result: ActResult
  /** The person who asked is looking. */
  readonly isAsker: boolean
  /** Why whoever looks may not decide; `null`: they may. */
  readonly barred: GrantRefused | null
  /** Leads back to the lists of the unit, for those who have them. */
  readonly mayList: boolean
}

/** One grant with what it is about, and what whoever looks may do. */
export function GrantPage(props: GrantPageProps): JSX.Element {
  const { visit, grant, result, mayList } = props
  const t = grantsText[visit.locale]
  return (
    <CasePage
      visit={visit}
      title={t.caseTitle(grant.id)}
      above={[mayList ? { title: t.title, href: '/grants' } : { title: t.mine, href: '/grants/mine' }]}
      lead={matterInWords(visit, grant)}
      badge={<GrantBadge visit={visit} grant={grant} />}
      result={result}
      acts={<Acts {...props} />}
    >
      <Matter visit={visit} grant={grant} />
      <History visit={visit} grant={grant} />
      <p class="hint">{t.readingRecorded}</p>
    </CasePage>
  )
}

/** `consultare Verifica antimafia, per Stato della verifica antimafia`. */
export function matterInWords({ bundle, locale }: Visit, { matter }: Grant): string {
  const names = namesOf(bundle, locale)
  const action = policiesText[locale].actions[matter.action] ?? matter.action
  return `${action}, ${names.resource(matter.resource)}, ${names.purpose(matter.purpose)}`
}

function Matter({ visit, grant }: { visit: Visit; grant: Grant }): JSX.Element {
  const t = grantsText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { matter } = grant
  const mayReadLog = may(visit, 'read-log')
  return (
    <section>
      <h2 class="h5">{t.whatTitle}</h2>
      <Facts
        of={[
          [t.data, names.resource(matter.resource)],
          [t.action, policiesText[visit.locale].actions[matter.action] ?? matter.action],
          [t.record, matter.record === null ? null : <code>{matter.record}</code>],
          [t.dataSubject, matter.dataSubject === null ? null : <code>{matter.dataSubject}</code>],
          [t.unit, names.unit(grant.owner)],
        ]}
      />
      <h2 class="h5">{t.whoTitle}</h2>
      <Facts
        of={[
          [t.company, companyOfGrant(visit, grant)],
          [t.askerUnit, names.unit(grant.unit)],
          [t.role, names.role(grant.role)],
          [t.pseudonym, <code>{grant.pseudonym}</code>],
        ]}
      />
      <h2 class="h5">{t.whyTitle}</h2>
      <Facts
        of={[
          [t.purpose, names.purpose(matter.purpose)],
          [
            t.ticket,
            <>
              <code>{matter.ticket}</code>{' '}
              {mayReadLog ? (
                <a href={logHref({ filters: { ticket: matter.ticket }, subject: undefined })}>{t.seeLog}</a>
              ) : null}
            </>,
          ],
          [t.norm, grant.norm],
          [t.reason, <p class="said">{grant.reason}</p>],
          [t.minutes, t.inMinutes(grant.minutes)],
          [t.until, grant.expiresAt === null ? null : <Moment visit={visit} at={grant.expiresAt} />],
          [
            t.reviewDue,
            grant.emergency === null || grant.emergency.review !== null ? null : (
              <Moment visit={visit} at={grant.emergency.reviewDue} />
            ),
          ],
        ]}
      />
    </section>
  )
}

function Moment({ visit, at }: { visit: Visit; at: Micros }): JSX.Element {
  return <time datetime={visit.formats.machine(at)}>{visit.formats.exact(at)}</time>
}

function History({ visit, grant }: { visit: Visit; grant: Grant }): JSX.Element {
  const t = grantsText[visit.locale]
  const { emergency } = grant
  const happened: (readonly [Micros, string, string, Child?])[] = [
    [grant.askedAt, emergency === null ? t.history.asked : t.history.broken, grant.pseudonym],
    ...(grant.decidedAt === null || grant.decidedBy === null
      ? []
      : [
          [
            grant.decidedAt,
            grant.expiresAt === null ? t.history.refused : t.history.approved,
            grant.decidedBy,
          ] as const,
        ]),
    ...(grant.revokedAt === null || grant.revokedBy === null
      ? []
      : [[grant.revokedAt, t.history.revoked, grant.revokedBy] as const]),
    ...(emergency?.review == null
      ? []
      : [
          [
            emergency.review.at,
            t.history[emergency.review.outcome],
            emergency.review.by,
            <p class="said">{emergency.review.note}</p>,
          ] as const,
        ]),
  ]
  return (
    <section>
      <h2 class="h5">{t.historyTitle}</h2>
      <ol class="history">
        {happened.map(([at, what, by, said]) => (
          <li>
            <time datetime={visit.formats.machine(at)}>{visit.formats.instant(at)}</time>
            {what} <code>{by}</code>
            {said}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Acts({ visit, grant, result, isAsker, barred }: GrantPageProps): JSX.Element {
  const t = grantsText[visit.locale]
  const standing = grantStanding(grant, visit.now)
  const isLive = standing === 'asked' || standing === 'in-force'
  const reviewed = reviewStanding(grant, visit.now)
  const decides = barred === null
  const acts = [
    decides && standing === 'asked' ? (
      <ActForm visit={visit} act={approval(visit, grant)}>
        <TextField
          name="minutes"
          type="number"
          min={1}
          max={grant.minutes}
          label={t.approveMinutes}
          help={t.approveHelp(grant.minutes)}
          value={String(grant.minutes)}
          result={result}
        />
      </ActForm>
    ) : null,
    decides && standing === 'asked' ? <ActForm visit={visit} act={refusal(visit, grant)} /> : null,
    decides && reviewed !== null && reviewed !== 'done' ? (
      <ActForm visit={visit} act={review(visit, grant)}>
        <ChoiceGroup
          name="outcome"
          label={t.outcome}
          result={result}
          options={[
            { value: 'justified', title: t.justified },
            { value: 'unjustified', title: t.unjustified },
          ]}
        />
        <LongTextField name="note" label={t.note} minlength={10} result={result} />
      </ActForm>
    ) : null,
    isLive && (isAsker || (decides && standing === 'in-force')) ? (
      <ActForm visit={visit} act={revocation(visit, grant, isAsker)} />
    ) : null,
  ].filter((act) => act !== null)
  if (acts.length > 0) return <>{acts}</>
  return (
    <section class="panel">
      <p class="mb-0">
        {t.nothingToDo}
        {barred !== null && isLive ? ` ${t.whyNot} ${barred.text[visit.locale]}` : ''}
      </p>
    </section>
  )
}
