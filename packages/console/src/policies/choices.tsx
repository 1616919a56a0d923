import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Bundle } from '@varco/policy'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { INTERNAL } from './hypothetical-request.ts'
import { policiesText } from './text.ts'

export interface Choice {
  readonly value: string
  readonly title: string
}

/** What the bundle offers to choose from, in the reader's words and order. */
export interface Choices {
  readonly contract: readonly Choice[]
  readonly role: readonly Choice[]
  readonly unit: readonly Choice[]
  readonly purpose: readonly Choice[]
  readonly resource: readonly Choice[]
}

export function choicesOf({ bundle, locale }: { bundle: Bundle; locale: Visit['locale'] }): Choices {
  const names = namesOf(bundle, locale)
  const { varco } = bundle.document
  const ordered = (values: Iterable<string>, title: (value: string) => string): readonly Choice[] =>
    [...values]
      .map((value) => ({ value, title: title(value) }))
      .sort((a, b) => a.title.localeCompare(b.title, locale))
  return {
    contract: [
      { value: INTERNAL, title: policiesText[locale].internal },
      ...ordered(
        bundle.contracts.keys(),
        (id) => `${companyOf(bundle, id, names.processor)}, ${names.contract(id)}`,
      ),
    ],
    role: ordered(Object.keys(varco.roles), names.role),
    unit: ordered(Object.keys(varco.units), names.unit),
    purpose: ordered(bundle.purposes.keys(), names.purpose),
    resource: ordered(bundle.resources.keys(), names.resource),
  }
}

function companyOf(bundle: Bundle, contract: string, name: (id: string) => string): string {
  const found = [...bundle.contracts.values()].find(({ id }) => id === contract)
  return found === undefined ? contract : name(found.processor)
}

export function ChoiceField(props: {
  name: string
  label: string
  choices: readonly Choice[]
  value: string
  /** What choosing nothing is called; without it something is always chosen. */
  none?: string
}): JSX.Element {
  const { name, label, choices, value, none } = props
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {none === undefined ? null : <option value="">{none}</option>}
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.title}
          </option>
        ))}
      </select>
    </div>
  )
}
