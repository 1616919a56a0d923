import type { Hold, HoldScope } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { LongTextField, SelectField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { namedChoices, type NamedWords } from './named-choices.ts'
import { PlacedPage } from './placed-page.tsx'
import { retentionText } from './text.ts'

export const SCOPES = ['resource', 'record', 'data-subject'] as const

export function placeHoldAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/holds', ...retentionText[locale].place }
}

export function releaseHoldAct({ locale }: Pick<Visit, 'locale'>, id: string): Act {
  return {
    to: `/retention/holds/${encodeURIComponent(id)}/release`,
    ...retentionText[locale].release,
    danger: true,
  }
}

/** What a hold covers, in words. */
export function scopeInWords({ bundle, locale }: Visit, scope: HoldScope): string {
  const names = namesOf(bundle, locale)
  switch (scope.kind) {
    case 'resource':
      return names.resource(scope.resource)
    case 'record':
      return `${names.resource(scope.resource)} · ${scope.record}`
    case 'data-subject':
      return `${names.dataSubject(scope.dataSubject.kind)} · ${scope.dataSubject.id}`
    case 'contract':
      return retentionText[locale].heldContract(scope.contract)
    case 'query':
      return `${names.resource(scope.resource)} · ${JSON.stringify(scope.where)}`
  }
}

export interface HoldsPageProps {
  readonly visit: Visit
  readonly holds: readonly Hold[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  readonly mayHold: boolean
  readonly typed: Readonly<Record<string, string>>
  readonly result: ActResult
}

/** The holds in force, oldest first, and the way to place one. */
export function HoldsPage({ visit, holds, next, mayHold, typed, result }: HoldsPageProps): JSX.Element {
  return (
    <PlacedPage
      {...{ visit, section: 'holds', result, next }}
      none={retentionText[visit.locale].noHolds}
      placed={holds.map((hold) => (
        <HoldSection {...{ visit, hold, mayHold }} />
      ))}
      form={mayHold ? <PlaceForm {...{ visit, typed, result }} /> : null}
    />
  )
}

function HoldSection(props: { visit: Visit; hold: Hold; mayHold: boolean }): JSX.Element {
  const { visit, hold, mayHold } = props
  const t = retentionText[visit.locale]
  const { formats } = visit
  return (
    <section class="own-alert">
      <h2 class="h5">
        {scopeInWords(visit, hold.scope)}{' '}
        {hold.reviewAt !== null && hold.reviewAt < visit.now ? (
          <StateBadge tone="warning" icon="clock">
            {t.reviewLate}
          </StateBadge>
        ) : null}
      </h2>
      <Facts
        of={[
          [t.holdCase, hold.case],
          [t.holdReason, hold.reason],
          [t.placed, `${formats.instant(hold.placedAt)} ${t.by(hold.placedBy)}`],
          [t.review, hold.reviewAt === null ? null : formats.day(hold.reviewAt)],
        ]}
      />
      {mayHold ? <ActForm visit={visit} act={releaseHoldAct(visit, hold.id)} /> : null}
    </section>
  )
}

function PlaceForm({
  visit,
  typed,
  result,
}: Pick<HoldsPageProps, 'visit' | 'typed' | 'result'>): JSX.Element {
  const t = retentionText[visit.locale]
  const kinds: NamedWords = {
    record: (resource) => resource,
    'data-subject': (kind) => `${t.holdScopes['data-subject']}: ${kind}`,
  }
  return (
    <ActForm visit={visit} act={placeHoldAct(visit)}>
      <SelectField
        name="scope"
        label={t.holdScope}
        result={result}
        value={typed['scope'] ?? 'record'}
        options={SCOPES.map((value) => ({ value, title: t.holdScopes[value] }))}
      />
      <SelectField
        name="of"
        label={t.holdResource}
        result={result}
        value={typed['of'] ?? ''}
        options={namedChoices(visit, kinds)}
      />
      <TextField
        name="key"
        label={t.holdKey}
        help={t.holdKeyHelp}
        required={false}
        maxlength={256}
        value={typed['key'] ?? ''}
        result={result}
      />
      <TextField name="case" label={t.holdCase} maxlength={100} value={typed['case'] ?? ''} result={result} />
      <LongTextField
        name="reason"
        label={t.holdReason}
        help={t.holdReasonHelp}
        minlength={10}
        value={typed['reason'] ?? ''}
        result={result}
      />
      <TextField
        name="review"
        type="date"
        required={false}
        label={t.holdReview}
        value={typed['review'] ?? ''}
        result={result}
      />
    </ActForm>
  )
}
