import type { JSX } from 'hono/jsx/jsx-runtime'
import { SelectField } from '../act/fields.tsx'
import type { Visit } from '../visit/visit.ts'
import { fieldsOf } from './fields-of.ts'
import { retentionText } from './text.ts'

/** Which field names the contract whose end a term waits for, if any does. */
export function ContractEndField(props: {
  visit: Visit
  resource: string
  value: string | undefined
  /** Before the field's name. */
  prefix: string
  help?: string
}): JSX.Element {
  const { visit, resource, value, prefix, help } = props
  const t = retentionText[visit.locale]
  return (
    <SelectField
      name={`${prefix}contract-end`}
      label={t.contractEndLabel}
      value={value ?? ''}
      options={[
        { value: '', title: t.noContractEnd },
        ...fieldsOf(visit, resource, (type) => type === 'text'),
      ]}
      result={null}
      {...(help === undefined ? {} : { help })}
    />
  )
}
