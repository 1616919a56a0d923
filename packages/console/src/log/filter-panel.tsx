import { EVENT_KINDS } from '@varco/access-log'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import type { FilterName, LogAddress } from './log-filters.ts'
import { logText } from './text.ts'

/** The form of the list's filters; it is sent with GET, so that its state is the page's address. */
export function FilterPanel(props: {
  visit: Visit
  address: LogAddress
  subject: string | undefined
}): JSX.Element {
  const { visit, address, subject } = props
  const t = logText[visit.locale]
  const { bundle, locale } = visit
  const options = (entries: Iterable<readonly [string, string]>): Option[] =>
    [...entries]
      .map(([value, title]) => ({ value, title }))
      .sort((a, b) => a.title.localeCompare(b.title, locale))
  const field = (
    name: FilterName,
    extra: { options?: readonly Option[]; none?: string; type?: 'date' } = {},
  ) => <FilterField visit={visit} address={address} name={name} {...extra} />
  return (
    <details class="panel filters" open>
      <summary>
        <Icon name="funnel" class="icon-primary icon-sm" />
        <h2>{t.filters}</h2>
      </summary>
      <form method="get" action="/log">
        {address.problems.length === 0 ? null : (
          <p class="alert alert-danger" role="alert">
            {t.problem}
          </p>
        )}
        {subject === undefined ? null : <input type="hidden" name="subject" value={subject} />}
        <div class="fields">
          {field('from', { type: 'date' })}
          {field('to', { type: 'date' })}
          {field('decision', {
            none: t.any,
            options: [
              { value: 'permit', title: t.permit },
              { value: 'deny', title: t.deny },
            ],
          })}
          {field('processor', {
            none: t.anyOf.processor,
            options: options([...bundle.processors].map(([id, { name }]) => [id, name])),
          })}
          {field('contract', {
            none: t.anyOf.contract,
            options: options(
              [...bundle.contracts].map(([id, { document }]) => [
                id,
                `${document.title[locale]} (${document.reference})`,
              ]),
            ),
          })}
          {field('purpose', {
            none: t.anyOf.purpose,
            options: options([...bundle.purposes].map(([id, { title }]) => [id, title[locale]])),
          })}
          {field('resource', {
            none: t.anyOf.resource,
            options: options(
              [...bundle.resources].map(([name, { document }]) => [name, document.title[locale]]),
            ),
          })}
          {field('kind', {
            none: t.kinds.access,
            options: [
              ...EVENT_KINDS.filter((kind) => kind !== 'access').map((kind) => ({
                value: kind,
                title: t.kinds[kind],
              })),
              { value: 'all', title: t.all },
            ],
          })}
          {field('operator')}
          {field('ticket')}
          <div class="buttons">
            <button type="submit" class="btn btn-primary">
              {t.apply}
            </button>
            <a
              class="btn btn-outline-primary"
              href={subject === undefined ? '/log' : `/log?subject=${subject}`}
            >
              {t.clear}
            </a>
          </div>
        </div>
      </form>
    </details>
  )
}

interface Option {
  readonly value: string
  readonly title: string
}

function FilterField(props: {
  visit: Visit
  address: LogAddress
  name: FilterName
  options?: readonly Option[]
  /** What the empty choice is called. */
  none?: string
  type?: 'date'
}): JSX.Element {
  const { visit, address, name, options, none, type } = props
  const t = logText[visit.locale]
  const value = address.asTyped[name] ?? ''
  const wrong = address.problems.includes(name)
  const invalid = wrong ? ({ 'aria-invalid': 'true', 'aria-describedby': `${name}-problem` } as const) : {}
  const control: Child =
    options === undefined ? (
      <input
        id={name}
        name={name}
        class={`form-control ${wrong ? 'is-invalid' : ''}`}
        type={type ?? 'text'}
        value={value}
        maxlength={128}
        autocomplete="off"
        spellcheck={false}
        {...invalid}
      />
    ) : (
      <select id={name} name={name} class={wrong ? 'is-invalid' : ''} {...invalid}>
        <option value="">{none}</option>
        {withCurrent(options, wrong ? '' : value).map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.title}
          </option>
        ))}
      </select>
    )
  return (
    <div class="field">
      <label for={name}>{t.filterNames[name]}</label>
      {control}
      {wrong ? (
        <p class="field-problem" id={`${name}-problem`}>
          {name === 'from' || name === 'to' ? t.problems[name] : t.problems.other}
        </p>
      ) : null}
    </div>
  )
}

/** A value the bundle no longer offers stays choosable: the log is older than the bundle. */
function withCurrent(options: readonly Option[], value: string): readonly Option[] {
  return value === '' || options.some((option) => option.value === value)
    ? options
    : [...options, { value, title: value }]
}
