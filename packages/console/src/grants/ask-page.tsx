import { isOpenTo, type Principal, type ContractFacts } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { ActForm } from '../act/act-form.tsx'
import { ChoiceGroup, LongTextField, SelectField, TextField, type Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Page } from '../layout/page.tsx'
import { policiesText } from '../policies/text.ts'
import type { Visit } from '../visit/visit.ts'
import { grantsText } from './text.ts'

/** What was typed, or came with the link of a refusal. */
export interface TypedRequest {
  readonly resource: string
  readonly action: string
  readonly purpose: string
  readonly ticket: string
  readonly matter: string
  readonly record: string
  readonly minutes: string
  readonly reason: string
  readonly how: string
}

export interface AskPageProps {
  readonly visit: Visit
  readonly asker: { readonly principal: Principal; readonly contract: ContractFacts | null }
  readonly typed: TypedRequest
  readonly result: ActResult
}

/** Asks for a grant; the link of the proxy's refusal fills in what it knows. */
export function AskPage({ visit, asker, typed, result }: AskPageProps): JSX.Element {
  const t = grantsText[visit.locale]
  const settings = visit.bundle.document.varco.grants
  const longest = settings?.longest_minutes ?? 0
  const breaksGlass =
    settings?.break_glass !== undefined && settings.break_glass.roles.includes(asker.principal.role)
      ? settings.break_glass
      : null
  return (
    <Page visit={visit} title={t.newTitle} above={[{ title: t.mine, href: '/grants/mine' }]} lead={t.newLead}>
      <div class="narrow">
        <ActNote visit={visit} result={result} />
        <ActForm
          visit={visit}
          act={{ to: '/grants/new', title: t.ask, consequences: t.askConsequences, button: t.send }}
        >
          <SelectField
            name="resource"
            label={t.resource}
            options={resourcesFor(visit, asker)}
            value={typed.resource}
            result={result}
          />
          <SelectField
            name="action"
            label={t.action}
            options={actionsOf(visit)}
            value={typed.action}
            result={result}
          />
          <SelectField
            name="purpose"
            label={t.purpose}
            options={purposesFor(visit, asker)}
            value={typed.purpose}
            result={result}
          />
          <TextField
            name="ticket"
            label={t.ticket}
            help={t.ticketHelp}
            maxlength={128}
            value={typed.ticket}
            result={result}
          />
          <ChoiceGroup
            name="matter"
            label={t.matter}
            value={typed.matter}
            options={[
              { value: 'record', title: t.matterRecord },
              { value: 'person', title: t.matterPerson },
            ]}
            result={result}
          />
          <TextField
            name="record"
            label={t.recordKey}
            help={t.recordHelp}
            required={false}
            maxlength={256}
            value={typed.record}
            result={result}
          />
          <TextField
            name="minutes"
            type="number"
            min={1}
            max={longest}
            label={t.minutesLabel}
            help={t.minutesHelp(longest)}
            value={typed.minutes === '' ? String(Math.min(30, longest)) : typed.minutes}
            result={result}
          />
          <LongTextField
            name="reason"
            label={t.reasonLabel}
            help={t.reasonHelp}
            minlength={10}
            value={typed.reason}
            result={result}
          />
          {breaksGlass === null ? null : (
            <ChoiceGroup
              name="how"
              label={t.how}
              value={typed.how === 'emergency' ? 'emergency' : 'ask'}
              options={[
                { value: 'ask', title: t.howAsk },
                { value: 'emergency', title: t.howEmergency(breaksGlass.longest_minutes) },
              ]}
              result={result}
            />
          )}
        </ActForm>
      </div>
    </Page>
  )
}

/** Data that grants are given for and that some rule opens to the asker: what is none of their business is not named. */
function resourcesFor(visit: Visit, { principal, contract }: AskPageProps['asker']): readonly Option[] {
  const names = namesOf(visit.bundle, visit.locale)
  return [...visit.bundle.resources.values()]
    .filter(
      ({ name, document }) =>
        document.owner !== undefined && isOpenTo(visit.bundle.rules, { principal, contract, resource: name }),
    )
    .map(({ name }) => ({ value: name, title: names.resource(name) }))
    .sort(byTitle(visit))
}

function purposesFor({ bundle, ...visit }: Visit, { contract }: AskPageProps['asker']): readonly Option[] {
  const names = namesOf(bundle, visit.locale)
  const offered =
    contract === null ? bundle.purposes.keys() : (bundle.contracts.get(contract.id)?.purposes ?? [])
  return [...offered].map((value) => ({ value, title: names.purpose(value) })).sort(byTitle(visit))
}

function actionsOf({ locale }: Visit): readonly Option[] {
  return Object.entries(policiesText[locale].actions).map(([value, title]) => ({ value, title }))
}

function byTitle({ locale }: Pick<Visit, 'locale'>): (a: Option, b: Option) => number {
  return (a, b) => a.title.localeCompare(b.title, locale)
}
