import type { JSX } from 'hono/jsx/jsx-runtime'
import { optionsOf, SelectField, TextField } from '../act/fields.tsx'
import type { Visit } from '../visit/visit.ts'
import { ContractEndField } from './contract-end-field.tsx'
import { EventFields } from './event-fields.tsx'
import { fieldsOf } from './fields-of.ts'
import { isDay, type RuleDocument } from './rule-draft.ts'
import { floorPrefix } from './rule-from-form.ts'
import { ruleTermsText } from './rule-terms-text.ts'
import { retentionText } from './text.ts'

interface FloorFieldsProps {
  readonly visit: Visit
  readonly rule: RuleDocument
}

/** Terms of other norms before which a record stays, and room for one more. */
export function FloorFields({ visit, rule }: FloorFieldsProps): JSX.Element {
  const words = ruleTermsText[visit.locale]
  const floors = rule.keep_at_least ?? []
  return (
    <details open={floors.length > 0}>
      <summary>{words.floorsTitle}</summary>
      <p class="hint">{words.floorsHelp}</p>
      {Array.from({ length: floors.length + 1 }, (_, at) => (
        <fieldset class="floor">
          <legend>{at < floors.length ? words.floor(at + 1) : words.newFloor}</legend>
          <OneFloor visit={visit} rule={rule} at={at} />
        </fieldset>
      ))}
    </details>
  )
}

function OneFloor({ visit, rule, at }: FloorFieldsProps & { at: number }): JSX.Element {
  const t = retentionText[visit.locale]
  const words = ruleTermsText[visit.locale]
  const floor = rule.keep_at_least?.[at]
  const prefix = floorPrefix(at)
  return (
    <>
      <SelectField
        name={`${prefix}trigger`}
        label={words.floorTrigger}
        value={floor?.trigger.field ?? rule.trigger.field}
        options={fieldsOf(visit, rule.resource, isDay)}
        result={null}
      />
      <TextField
        name={`${prefix}after`}
        label={words.floorAfter}
        required={false}
        value={floor?.after ?? ''}
        maxlength={20}
        result={null}
      />
      <SelectField
        name={`${prefix}align`}
        label={words.floorAlign}
        value={floor?.align ?? ''}
        options={optionsOf(t.aligns)}
        result={null}
      />
      <TextField
        name={`${prefix}because`}
        label={words.floorNorm}
        required={false}
        value={floor?.because ?? ''}
        maxlength={300}
        result={null}
      />
      <ContractEndField
        visit={visit}
        resource={rule.resource}
        value={floor?.trigger.contract_end}
        prefix={prefix}
      />
      <EventFields visit={visit} event={floor?.trigger.event} prefix={prefix} />
    </>
  )
}
