import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import type { Restriction } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { LongTextField, SelectField, TextField, TickField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { Facts } from '../layout/facts.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { entryOf } from './read-named.ts'
import { kindInWords, whichInWords } from './restriction-in-words.ts'
import { restrictionsText } from './restrictions-text.ts'
import { RetentionFrame } from './retention-frame.tsx'

export function placeRestrictionAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/restrictions', ...restrictionsText[locale].place, danger: true }
}

export function liftRestrictionAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/restrictions/lift', ...restrictionsText[locale].lift, danger: true }
}

export interface RestrictionsPageProps {
  readonly visit: Visit
  readonly restrictions: readonly Restriction[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** Who may lift one, and so is told whom it is about; `null`: somebody who only learns that there is one. */
  readonly lifter: Pseudonym | null
  readonly mayPlace: boolean
  readonly typed: Readonly<Record<string, string>>
  readonly result: ActResult
}

/** The restrictions in force, oldest first, and the way to place one. */
export function RestrictionsPage(props: RestrictionsPageProps): JSX.Element {
  const { visit, restrictions, next, lifter, mayPlace, typed, result } = props
  const t = restrictionsText[visit.locale]
  return (
    <RetentionFrame visit={visit} section="restrictions" result={result}>
      <div class={mayPlace ? 'event-columns' : ''}>
        <div>
          {restrictions.length === 0 ? (
            <Empty icon="locked">
              {t.none} {t.noneHelp}
            </Empty>
          ) : null}
          {restrictions.map((restriction) => (
            <RestrictionSection {...{ visit, restriction, lifter, result }} />
          ))}
          <ListPaging visit={visit} next={next} />
        </div>
        {mayPlace ? (
          <div class="acts">
            <ActForm visit={visit} act={placeRestrictionAct(visit)}>
              <SelectField
                name="of"
                label={t.of}
                result={result}
                value={typed['of'] ?? ''}
                options={whatIsRestricted(visit)}
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
          </div>
        ) : null}
      </div>
    </RetentionFrame>
  )
}

function RestrictionSection(props: {
  visit: Visit
  restriction: Restriction
  lifter: Pseudonym | null
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
      {lifter === null ? null : mayBeSamePerson(placedBy, lifter) ? (
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

function whatIsRestricted({ bundle, locale }: Visit): readonly { value: string; title: string }[] {
  const { kinds } = restrictionsText[locale]
  const names = namesOf(bundle, locale)
  return [
    ...[...bundle.resources.keys()].map((value) => ({ value, title: kinds.record(names.resource(value)) })),
    ...Object.keys(bundle.document.varco.data_subjects).map((kind) => ({
      value: entryOf(kind),
      title: kinds['data-subject'](names.dataSubject(kind)),
    })),
  ]
}
