import type { Restriction } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { LongTextField, SelectField, TextField, TickField } from '../act/fields.tsx'
import { Facts } from '../layout/facts.tsx'
import type { Visit } from '../visit/visit.ts'
import { namedChoices } from './named-choices.ts'
import { PlacedPage } from './placed-page.tsx'
import { kindInWords, whichInWords } from './restriction-in-words.ts'
import { restrictionsText } from './restrictions-text.ts'

export function placeRestrictionAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/restrictions', ...restrictionsText[locale].place, danger: true }
}

export function liftRestrictionAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/restrictions/lift', ...restrictionsText[locale].lift, danger: true }
}

type PlaceFormProps = Pick<RestrictionsPageProps, 'visit' | 'typed' | 'result'>

export interface RestrictionsPageProps {
  readonly visit: Visit
  readonly restrictions: readonly Restriction[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** Who may lift one, and so is told whom it is about, by their names; `null`: somebody who only learns that there is one. */
  readonly lifter: ((name: string) => boolean) | null
  readonly mayPlace: boolean
  readonly typed: Readonly<Record<string, string>>
  readonly result: ActResult
}

/** The restrictions in force, oldest first, and the way to place one. */
export function RestrictionsPage(props: RestrictionsPageProps): JSX.Element {
  const { visit, restrictions, next, lifter, mayPlace, typed, result } = props
  const t = restrictionsText[visit.locale]
  return (
    <PlacedPage
      {...{ visit, section: 'restrictions', result, next }}
      none={`${t.none} ${t.noneHelp}`}
      placed={restrictions.map((restriction) => (
        <RestrictionSection {...{ visit, restriction, lifter, result }} />
      ))}
      form={mayPlace ? <PlaceForm {...{ visit, typed, result }} /> : null}
    />
  )
}

function PlaceForm({ visit, typed, result }: PlaceFormProps): JSX.Element {
  const t = restrictionsText[visit.locale]
  return (
    <ActForm visit={visit} act={placeRestrictionAct(visit)}>
      <SelectField
        name="of"
        label={t.of}
        result={result}
        value={typed['of'] ?? ''}
        options={namedChoices(visit, t.kinds)}
      />
      <TextField
        name="key"
        label={t.key}
        help={t.keyHelp}
        maxlength={256}
        value={typed['key'] ?? ''}
        result={result}
      />
      <LongTextField
        name="reason"
        label={t.reason}
        help={t.reasonHelp}
        minlength={10}
        value={typed['reason'] ?? ''}
        result={result}
      />
    </ActForm>
  )
}

function RestrictionSection(props: {
  visit: Visit
  restriction: Restriction
  lifter: ((name: string) => boolean) | null
  result: ActResult
}): JSX.Element {
  const { visit, restriction, lifter, result } = props
  const { id, scope, reason, request, placedAt, placedBy } = restriction
  const t = restrictionsText[visit.locale]
  const isShown = lifter !== null || scope.kind === 'stage'
  return (
    <section class="own-alert">
      <h2 class="h5">{kindInWords(visit, scope)}</h2>
      <Facts
        of={[
          [t.which, isShown ? whichInWords(visit, scope) : null],
          [t.reason, isShown ? <span class="said">{reason}</span> : null],
          [t.request, request],
          [t.placed, `${visit.formats.instant(placedAt)} ${t.by(placedBy)}`],
        ]}
      />
      {lifter === null ? null : lifter(placedBy) ? (
        <p class="hint mb-0">{t.yours}</p>
      ) : (
        <ActForm visit={visit} act={liftRestrictionAct(visit)}>
          <input type="hidden" name="restriction" value={id} />
          {request === null ? null : (
            <TickField name="informed" id={`informed-${id}`} label={t.informed} result={result} />
          )}
        </ActForm>
      )}
    </section>
  )
}
