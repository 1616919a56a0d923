import type { Hold, HoldScope } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { LongTextField, SelectField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { Facts } from '../layout/facts.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { entryOf } from './read-named.ts'
import { RetentionFrame } from './retention-frame.tsx'
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

/** The holds in force, oldest first, and the way to place one. */
export function HoldsPage(props: {
  visit: Visit
  holds: readonly Hold[]
  /** Where the next page starts; `null` on the last. */
  next: string | null
  mayHold: boolean
  typed: Readonly<Record<string, string>>
  result: ActResult
}): JSX.Element {
  const { visit, holds, next, mayHold, typed, result } = props
  const t = retentionText[visit.locale]
  const { formats, bundle, locale } = visit
  const names = namesOf(bundle, locale)
  const kinds = [
    ...[...bundle.resources.keys()].map((value) => ({ value, title: names.resource(value) })),
    ...Object.keys(bundle.document.varco.data_subjects).map((kind) => ({
      value: entryOf(kind),
      title: `${t.holdScopes['data-subject']}: ${names.dataSubject(kind)}`,
    })),
  ]
  return (
    <RetentionFrame visit={visit} section="holds" result={result}>
      <div class="event-columns">
        <div>
          {holds.length === 0 ? <Empty icon="locked">{t.noHolds}</Empty> : null}
          {holds.map((hold) => (
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
          ))}
          <ListPaging visit={visit} next={next} />
        </div>
        <div class="acts">
          {mayHold ? (
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
                options={kinds}
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
              <TextField
                name="case"
                label={t.holdCase}
                maxlength={100}
                value={typed['case'] ?? ''}
                result={result}
              />
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
          ) : null}
        </div>
      </div>
    </RetentionFrame>
  )
}
