import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { problemOf, type ActResult } from './act-note.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly help?: string
  readonly value?: string
  /** Tells what is wrong with it. */
  readonly result: ActResult
  /** Set where a page has the same field in several forms. */
  readonly id?: string
}

export interface TextFieldProps extends FieldProps {
  readonly required?: boolean
  readonly maxlength?: number
  readonly type?: 'text' | 'number' | 'date' | 'datetime-local'
  readonly min?: number
  readonly max?: number
}

/** A line of text, a number or a day. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { name, label, help, value = '', result, id = name, required = true, ...more } = props
  return (
    <Field {...{ id, label, help, result }}>
      <input
        id={id}
        name={name}
        type={more.type ?? 'text'}
        class="form-control"
        required={required}
        maxlength={more.maxlength}
        min={more.min}
        max={more.max}
        autocomplete="off"
        spellcheck={false}
        value={value}
        {...described(id, help, problemOf(result, id))}
      />
    </Field>
  )
}

export interface LongTextFieldProps extends FieldProps {
  readonly required?: boolean
  readonly minlength?: number
  readonly maxlength?: number
}

/** A few sentences. */
export function LongTextField(props: LongTextFieldProps): JSX.Element {
  const { name, label, help, value = '', result, id = name, minlength, maxlength = 2_000 } = props
  const { required = true } = props
  return (
    <Field {...{ id, label, help, result }}>
      <textarea
        id={id}
        name={name}
        rows={3}
        class="form-control"
        required={required}
        minlength={minlength}
        maxlength={maxlength}
        {...described(id, help, problemOf(result, id))}
      >
        {value}
      </textarea>
    </Field>
  )
}

export interface Option {
  readonly value: string
  readonly title: string
}

/** What there are words for, each by its words. */
export function optionsOf<T extends string>(titles: Readonly<Record<T, string>>): readonly Option[] {
  return (Object.entries(titles) as [T, string][]).map(([value, title]) => ({ value, title }))
}

/** One of several, from a list. */
export function SelectField(props: FieldProps & { readonly options: readonly Option[] }): JSX.Element {
  const { name, label, help, value, result, id = name, options } = props
  return (
    <Field {...{ id, label, help, result }}>
      <select id={id} name={name} {...described(id, help, problemOf(result, id))}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.title}
          </option>
        ))}
      </select>
    </Field>
  )
}

/** One of few, all of them in sight. */
export function ChoiceGroup(props: FieldProps & { readonly options: readonly Option[] }): JSX.Element {
  const { name, label, help, value, result, id = name, options } = props
  const problem = problemOf(result, id)
  return (
    <fieldset class="field choice-group" id={id} {...described(id, help, problem)}>
      <legend>{label}</legend>
      {options.map((option, index) => (
        <label class="tick" for={`${id}-${index}`}>
          <input
            type="radio"
            id={`${id}-${index}`}
            name={name}
            value={option.value}
            required
            checked={option.value === value}
          />
          <span>{option.title}</span>
        </label>
      ))}
      <HelpAndProblem {...{ id, help, problem }} />
    </fieldset>
  )
}

/** Something a person declares to be so; sends `yes`. */
export function TickField({
  name,
  label,
  result,
  id = name,
}: Omit<FieldProps, 'help' | 'value'>): JSX.Element {
  const problem = problemOf(result, id)
  return (
    <div class="field">
      <label class="tick" for={id}>
        <input
          type="checkbox"
          id={id}
          name={name}
          value="yes"
          required
          {...described(id, undefined, problem)}
        />
        <span>{label}</span>
      </label>
      <HelpAndProblem {...{ id, help: undefined, problem }} />
    </div>
  )
}

/** A file, read once and kept nowhere. */
export function FileField(props: Omit<FieldProps, 'value'> & { readonly accept: string }): JSX.Element {
  const { name, label, help, result, id = name, accept } = props
  return (
    <Field {...{ id, label, help, result }}>
      <input
        id={id}
        name={name}
        type="file"
        class="form-control"
        accept={accept}
        required
        {...described(id, help, problemOf(result, id))}
      />
    </Field>
  )
}

function Field(props: {
  id: string
  label: string
  help: string | undefined
  result: ActResult
  children: Child
}): JSX.Element {
  const { id, label, help, result, children } = props
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <HelpAndProblem {...{ id, help, problem: problemOf(result, id) }} />
    </div>
  )
}

function HelpAndProblem(props: {
  id: string
  help: string | undefined
  problem: string | null
}): JSX.Element {
  const { id, help, problem } = props
  return (
    <>
      {help === undefined ? null : (
        <p class="hint" id={`${id}-help`}>
          {help}
        </p>
      )}
      {problem === null ? null : (
        <p class="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </>
  )
}

function described(
  id: string,
  help: string | undefined,
  problem: string | null,
): { readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: 'true' } {
  const by = [...(help === undefined ? [] : [`${id}-help`]), ...(problem === null ? [] : [`${id}-problem`])]
  return {
    ...(by.length === 0 ? {} : { 'aria-describedby': by.join(' ') }),
    ...(problem === null ? {} : { 'aria-invalid': 'true' as const }),
  }
}
