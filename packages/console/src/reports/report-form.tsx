import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { SentForm } from '../act/confirmed.ts'
import type { ActResult } from '../act/act-note.tsx'
import { LongTextField, SelectField, TextField, type Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { formatsOf } from './report-formats.ts'
import type { ReportKind } from './report-maker.ts'
import { ORDER_FIELDS, type OrderedKind, type OrderField } from './order-fields.ts'
import { reportsText } from './text.ts'

interface FormProps {
  readonly visit: Visit
  readonly kind: OrderedKind
  readonly typed: SentForm
  readonly result: ActResult
}

const LONG: readonly OrderField[] = ['description', 'consequences', 'measures']
/** What may be known of a breach; each narrows it. */
const NARROWING: readonly OrderField[] = [
  ...(['operator', 'company', 'contract', 'workstation', 'node', 'ticket', 'grant', 'request'] as const),
]
/** What the body writes later, if it knows it by then. */
const LATER: readonly OrderField[] = ['consequences', 'measures']

/** What a document is made of, to be filled in. */
export function OrderFields(props: FormProps): JSX.Element {
  const { visit, kind } = props
  const fields: readonly OrderField[] = ORDER_FIELDS[kind]
  const t = reportsText[visit.locale]
  const inputs = (those: readonly OrderField[]): readonly JSX.Element[] =>
    those.map((field) => <OrderFieldInput {...props} field={field} />)
  return (
    <>
      {inputs(fields.filter((field) => isNeeded(kind, field)))}
      {kind === 'breach' ? (
        <fieldset class="field choice-group">
          <legend>{t.known}</legend>
          <p class="hint">{t.knownHelp}</p>
          <div class="pairs">{inputs(NARROWING)}</div>
        </fieldset>
      ) : null}
      {inputs(fields.filter((field) => LATER.includes(field)))}
    </>
  )
}

function isNeeded(kind: OrderedKind, field: OrderField): boolean {
  return !LATER.includes(field) && !(kind === 'breach' && NARROWING.includes(field))
}

function OrderFieldInput(props: FormProps & { field: OrderField }): JSX.Element {
  const { visit, kind, typed, result, field } = props
  const t = reportsText[visit.locale]
  const required = isNeeded(kind, field)
  const common = { name: field, label: t.fields[field], value: typed[field] ?? '', result }
  if (field === 'contract' || field === 'company') {
    const none = required ? [] : [{ value: '', title: t.any }]
    return <SelectField {...common} options={[...none, ...optionsOf(visit, field)]} />
  }
  if (LONG.includes(field)) return <LongTextField {...common} required={required} />
  if (field === 'aware') {
    const zone = visit.bundle.document.varco.time_zone
    return <TextField {...common} type="datetime-local" help={t.awareHelp(zone)} />
  }
  if (field === 'from' || field === 'to') {
    return kind === 'drift' ? (
      <TextField {...common} label={t.months[field]} help={t.monthHelp} maxlength={7} />
    ) : (
      <TextField {...common} type="date" />
    )
  }
  return <TextField {...common} required={required} maxlength={128} />
}

export function FormatField(props: {
  visit: Visit
  kind: ReportKind
  value?: string
  result: ActResult
}): JSX.Element {
  const { visit, kind, value = 'pdf', result } = props
  const t = reportsText[visit.locale]
  return (
    <SelectField
      name="format"
      label={t.fields.format}
      value={value}
      result={result}
      options={formatsOf(kind).map((format) => ({ value: format, title: t.formatOf(kind, format) }))}
    />
  )
}

/** What was filled in, as it is read back. */
export function statedIn(
  visit: Visit,
  kind: OrderedKind,
  form: SentForm,
): readonly (readonly [name: string, value: Child])[] {
  const t = reportsText[visit.locale]
  return ORDER_FIELDS[kind].flatMap((field): (readonly [string, Child])[] => {
    const value = form[field] ?? ''
    if (value === '') return []
    if (LONG.includes(field)) return [[t.fields[field], <span class="said">{value}</span>]]
    const options = field === 'contract' || field === 'company' ? optionsOf(visit, field) : []
    return [
      [t.fields[field], options.find((option) => option.value === value)?.title ?? value.replace('T', ' ')],
    ]
  })
}

function optionsOf({ bundle, locale }: Visit, field: 'contract' | 'company'): readonly Option[] {
  const names = namesOf(bundle, locale)
  const options =
    field === 'company'
      ? [...bundle.processors.keys()].map((id) => ({ value: id, title: names.processor(id) }))
      : [...bundle.contracts.values()].map(({ id, processor }) => ({
          value: id,
          title: `${names.processor(processor)}, ${names.contract(id)}`,
        }))
  return options.sort((a, b) => a.title.localeCompare(b.title, locale))
}
