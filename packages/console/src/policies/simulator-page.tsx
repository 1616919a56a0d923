import type { FieldName, ResourceName } from '@varco/core'
import { ACTIONS } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { ChoiceField, choicesOf } from './choices.tsx'
import { IMAGINED_SUBJECT } from './hypothetical-request.ts'
import { PolicyPage } from './policy-page.tsx'
import { principalAttributes } from './principal-attributes.ts'
import { SimulationResult } from './simulation-result.tsx'
import type { Simulation, SimulationAnswer } from './simulation.ts'
import { policiesText } from './text.ts'

export interface SimulatorPageProps {
  readonly visit: Visit
  readonly simulation: Simulation
  /** `null` before the first question, `'wrong'` for a choice that was not offered. */
  readonly answer: SimulationAnswer | 'wrong' | null
}

/** Puts a question to the policy in force and shows the answer with its reasons. */
export function SimulatorPage({ visit, simulation, answer }: SimulatorPageProps): JSX.Element {
  const t = policiesText[visit.locale]
  const { question } = simulation
  const choices = choicesOf(visit)
  const asked = answer !== null && answer !== 'wrong'
  return (
    <PolicyPage visit={visit} section="simulator" title={t.simulatorTitle} lead={t.simulatorLead}>
      <p class="hint">{t.simulatorHelp}</p>
      {answer === 'wrong' ? (
        <p class="alert alert-danger" role="alert">
          {t.formProblem}
        </p>
      ) : null}
      <form method="post" action="/policies/simulator" class="panel question">
        {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
        <div class="fields">
          <ChoiceField
            name="contract"
            label={t.worksFor}
            choices={choices.contract}
            value={question.contract}
          />
          <ChoiceField name="role" label={t.role} choices={choices.role} value={question.role} />
          <ChoiceField name="unit" label={t.unit} choices={choices.unit} value={question.unit} />
          <ChoiceField
            name="purpose"
            label={t.purpose}
            choices={choices.purpose}
            value={question.purpose ?? ''}
            none={t.noPurpose}
          />
          <ChoiceField
            name="action"
            label={t.action}
            choices={ACTIONS.map((action) => ({ value: action, title: t.actions[action] ?? action }))}
            value={question.action}
          />
          <ChoiceField
            name="resource"
            label={t.resource}
            choices={choices.resource}
            value={question.resource}
          />
        </div>
        <fieldset>
          <legend>{t.circumstances}</legend>
          <Tick name="ticket" label={t.withTicket} ticked={question.ticket} />
          <Tick name="grant" label={t.withGrant} ticked={question.grant} />
        </fieldset>
        {asked ? <Attributes visit={visit} simulation={simulation} /> : null}
        {asked ? <RecordFields visit={visit} simulation={simulation} answer={answer} /> : null}
        <button type="submit" class="btn btn-primary">
          {t.ask}
        </button>
      </form>
      {asked ? <SimulationResult visit={visit} simulation={simulation} answer={answer} /> : null}
    </PolicyPage>
  )
}

function Tick({ name, label, ticked }: { name: string; label: string; ticked: boolean }): JSX.Element {
  return (
    <div class="tick">
      <input type="checkbox" id={name} name={name} value="yes" checked={ticked} />
      <label for={name}>{label}</label>
    </div>
  )
}

function Attributes({ visit, simulation }: { visit: Visit; simulation: Simulation }): JSX.Element | null {
  const t = policiesText[visit.locale]
  const { resource, attributes } = simulation.question
  const names = [...principalAttributes(visit.bundle, resource).keys()]
  if (names.length === 0) return null
  return (
    <fieldset>
      <legend>{t.attributesTitle}</legend>
      <p class="hint">{t.attributesHelp}</p>
      <div class="fields">
        {names.map((name) => (
          <TypedField name={`attribute.${name}`} label={name} value={String(attributes[name] ?? '')} />
        ))}
      </div>
    </fieldset>
  )
}

function RecordFields(props: {
  visit: Visit
  simulation: Simulation
  answer: SimulationAnswer
}): JSX.Element | null {
  const { visit, simulation, answer } = props
  const t = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { resource } = simulation.question
  const looked = answer.decision.effect === 'permit' ? answer.decision.conditionFields : []
  const fields = [...new Set<FieldName>([...looked, ...simulation.record.keys()])]
  if (fields.length === 0 || !visit.bundle.resources.has(resource as ResourceName)) return null
  return (
    <fieldset>
      <legend>{t.recordTitle}</legend>
      <p class="hint">{t.recordHelp(IMAGINED_SUBJECT)}</p>
      <div class="fields">
        {fields.map((field) => (
          <TypedField
            name={`record.${field}`}
            label={`${names.field(resource, field)} (${field})`}
            value={simulation.record.get(field) ?? ''}
          />
        ))}
      </div>
    </fieldset>
  )
}

function TypedField({ name, label, value }: { name: string; label: string; value: string }): JSX.Element {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="text"
        class="form-control"
        value={value}
        maxlength={200}
        autocomplete="off"
      />
    </div>
  )
}
