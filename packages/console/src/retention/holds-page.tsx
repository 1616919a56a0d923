import { asId } from '@varco/core'
import { readCondition, type Bundle } from '@varco/policy'
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
import { holdsText } from './holds-text.ts'

export const SCOPES = ['resource', 'record', 'data-subject'] as const

export function placeHoldAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/holds', ...holdsText[locale].place }
}

export function releaseHoldAct({ locale }: Pick<Visit, 'locale'>, id: string): Act {
  return {
    to: `/retention/holds/${encodeURIComponent(id)}/release`,
    ...holdsText[locale].release,
    danger: true,
  }
}

export function reviewHoldAct({ locale }: Pick<Visit, 'locale'>, id: string): Act {
  return {
    to: `/retention/holds/${encodeURIComponent(id)}/review`,
    ...holdsText[locale].keep,
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
      return holdsText[locale].heldContract(scope.contract)
    case 'query':
      return isReadable(bundle, scope)
        ? `${names.resource(scope.resource)} · ${JSON.stringify(scope.where)}`
        : holdsText[locale].unreadRecords(names.resource(scope.resource))
  }
}

/** Whom a condition names that the catalogue can no longer read is not known, so that it is not shown: no reading would tell them. */
function isReadable(
  { resources }: Bundle,
  { resource: name, where }: Extract<HoldScope, { kind: 'query' }>,
): boolean {
  const resource = resources.get(asId(name))
  return resource !== undefined && readCondition(where, resource).ok
}

/** The same without naming whom. */
function kindInWords(visit: Visit, scope: HoldScope): string {
  const names = namesOf(visit.bundle, visit.locale)
  const { oneRecord, oneDataSubject, someRecords } = holdsText[visit.locale]
  switch (scope.kind) {
    case 'resource':
    case 'contract':
      return scopeInWords(visit, scope)
    case 'record':
      return oneRecord(names.resource(scope.resource))
    case 'data-subject':
      return oneDataSubject(names.dataSubject(scope.dataSubject.kind))
    case 'query':
      return someRecords(names.resource(scope.resource))
  }
}

export interface HoldsPageProps {
  readonly visit: Visit
  readonly holds: readonly Hold[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** Who may place and release one, and so is told whom it is about, by their names; `null`: somebody who only learns that there is one. */
  readonly holder: ((name: string) => boolean) | null
  readonly typed: Readonly<Record<string, string>>
  readonly result: ActResult
}

/** The holds in force, oldest first, and the way to place one. */
export function HoldsPage({ visit, holds, next, holder, typed, result }: HoldsPageProps): JSX.Element {
  return (
    <PlacedPage
      {...{ visit, section: 'holds', result, next }}
      none={holdsText[visit.locale].noHolds}
      placed={holds.map((hold) => (
        <HoldSection {...{ visit, hold, holder, typed, result }} />
      ))}
      form={holder === null ? null : <PlaceForm {...{ visit, typed, result }} />}
    />
  )
}

function HoldSection(
  props: Pick<HoldsPageProps, 'visit' | 'holder' | 'typed' | 'result'> & { readonly hold: Hold },
): JSX.Element {
  const { visit, hold, holder, typed, result } = props
  const t = holdsText[visit.locale]
  const { formats } = visit
  const { reviewed } = hold
  return (
    <section class="own-alert">
      <h2 class="h5">
        {holder === null ? kindInWords(visit, hold.scope) : scopeInWords(visit, hold.scope)}{' '}
        {hold.reviewAt !== null && hold.reviewAt < visit.now ? (
          <StateBadge tone="warning" icon="clock">
            {t.reviewLate}
          </StateBadge>
        ) : null}
      </h2>
      <Facts
        of={[
          [t.holdCase, hold.case],
          [t.holdReason, holder === null ? null : <span class="said">{hold.reason}</span>],
          [t.placed, `${formats.instant(hold.placedAt)} ${t.by(hold.placedBy)}`],
          [t.review, hold.reviewAt === null ? null : formats.day(hold.reviewAt)],
          [t.reviewed, reviewed === null ? null : `${formats.instant(reviewed.at)} ${t.by(reviewed.by)}`],
          [
            t.reviewReason,
            reviewed === null || holder === null ? null : <span class="said">{reviewed.reason}</span>,
          ],
        ]}
      />
      {holder === null ? null : holder(hold.placedBy) ? (
        <p class="hint mb-0">{t.yourHold}</p>
      ) : (
        <>
          <ActForm visit={visit} act={reviewHoldAct(visit, hold.id)}>
            <TextField
              name="until"
              id={`until-${hold.id}`}
              type="date"
              label={t.reviewUntil}
              value={typed[`until-${hold.id}`] ?? ''}
              result={result}
            />
            <LongTextField
              name="reason"
              id={`reason-${hold.id}`}
              label={t.reviewReason}
              help={t.holdReasonHelp}
              minlength={10}
              value={typed[`reason-${hold.id}`] ?? ''}
              result={result}
            />
          </ActForm>
          <ActForm visit={visit} act={releaseHoldAct(visit, hold.id)} />
        </>
      )}
    </section>
  )
}

function PlaceForm({
  visit,
  typed,
  result,
}: Pick<HoldsPageProps, 'visit' | 'typed' | 'result'>): JSX.Element {
  const t = holdsText[visit.locale]
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
