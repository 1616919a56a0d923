import { approvalOf, DISPOSITIONS } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { optionsOf, SelectField, TextField, type Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { ContractEndField } from './contract-end-field.tsx'
import { EventFields } from './event-fields.tsx'
import { fieldsOf } from './fields-of.ts'
import { FloorFields } from './floor-fields.tsx'
import { isDay, type RuleDocument } from './rule-draft.ts'
import { fieldMasks, lastOfEntry, MASK_FIELD, QUASI_ASKED, QUASI_FIELD } from './rule-from-form.ts'
import { ruleTermsText } from './rule-terms-text.ts'
import { retentionText } from './text.ts'

interface RuleFieldsProps {
  readonly visit: Visit
  /** As in the form. */
  readonly rule: RuleDocument
}

/** All of a rule that can be changed. */
export function RuleFields({ visit, rule }: RuleFieldsProps): JSX.Element {
  const t = retentionText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <>
      <TextField name="title-it" label={t.titleIt} value={rule.title.it} maxlength={120} result={null} />
      <TextField name="title-en" label={t.titleEn} value={rule.title.en} maxlength={120} result={null} />
      <SelectField
        name="trigger"
        label={t.trigger}
        value={rule.trigger.field}
        options={fieldsOf(visit, rule.resource, isDay)}
        result={null}
      />
      <AwaitedFields visit={visit} rule={rule} />
      <TextField
        name="after"
        label={t.afterLabel}
        help={t.afterHelp}
        value={rule.after}
        maxlength={20}
        result={null}
      />
      <SelectField
        name="align"
        label={t.alignLabel}
        value={rule.align ?? ''}
        options={optionsOf(t.aligns)}
        result={null}
      />
      <FloorFields visit={visit} rule={rule} />
      <SelectField
        name="action"
        label={t.action}
        value={rule.action}
        options={DISPOSITIONS.map((value) => ({ value, title: t.actions[value] }))}
        result={null}
      />
      <MaskFields visit={visit} rule={rule} />
      <QuasiIdentifierFields visit={visit} rule={rule} />
      <SelectField
        name="approval"
        label={t.approvalLabel}
        value={approvalOf(rule)}
        options={optionsOf(t.approvalKinds)}
        result={null}
      />
      <SelectField
        name="owner"
        label={t.ownerLabel}
        value={rule.owner ?? ''}
        options={[
          { value: '', title: t.ownOwner },
          ...Object.keys(visit.bundle.document.varco.units).map((value) => ({
            value,
            title: names.unit(value),
          })),
        ]}
        result={null}
      />
      <SelectField
        name="on-request"
        label={t.onRequestLabel}
        value={rule.on_request ?? ''}
        options={optionsOf(t.onRequests)}
        result={null}
      />
      <TextField
        name="schedule"
        label={t.scheduleLabel}
        help={t.scheduleHelp}
        required={false}
        value={rule.schedule ?? ''}
        maxlength={60}
        result={null}
      />
      <TextField name="because" label={t.norm} value={rule.because} maxlength={300} result={null} />
    </>
  )
}

/** What else must have happened before the term runs. */
function AwaitedFields({ visit, rule }: RuleFieldsProps): JSX.Element {
  const t = retentionText[visit.locale]
  const words = ruleTermsText[visit.locale]
  const { last_of: lastOf, event, contract_end: contractEnd } = rule.trigger
  const related = lastOfOptions(visit, rule.resource)
  return (
    <>
      {related.length === 0 ? null : (
        <SelectField
          name="last-of"
          label={words.lastOfLabel}
          help={words.lastOfHelp}
          value={lastOf === undefined ? '' : lastOfEntry(lastOf)}
          options={[{ value: '', title: words.noLastOf }, ...related]}
          result={null}
        />
      )}
      <ContractEndField
        visit={visit}
        resource={rule.resource}
        value={contractEnd}
        prefix=""
        help={t.contractEndHelp}
      />
      <details open={event !== undefined}>
        <summary>{words.eventLabel}</summary>
        <p class="hint">{words.eventHelp}</p>
        <EventFields visit={visit} event={event} prefix="" />
      </details>
    </>
  )
}

/** The days of what the catalogue relates to the resource. */
function lastOfOptions(visit: Visit, resource: string): readonly Option[] {
  const names = namesOf(visit.bundle, visit.locale)
  const file = visit.bundle.document.catalogue.find((each) => each.resource === resource)
  return Object.entries(file?.relations ?? {}).flatMap(([relation, { resource: related }]) =>
    fieldsOf(visit, related, isDay).map(({ value, title }) => ({
      value: lastOfEntry({ relation, field: value }),
      title: `${names.resource(related)} · ${title}`,
    })),
  )
}

/** How each field is made anonymous, for the rules that do that. */
function MaskFields({ visit, rule }: RuleFieldsProps): JSX.Element {
  const t = retentionText[visit.locale]
  const masks = fieldMasks(visit.bundle, rule)
  return (
    <details open={rule.action === 'anonymise'}>
      <summary>{t.masksTitle}</summary>
      <p class="hint">{t.masksHelp}</p>
      {fieldsBesideKey(visit, rule.resource).map(({ value: name, title }) => (
        <SelectField
          name={`${MASK_FIELD}${name}`}
          label={title}
          value={masks[name] ?? ''}
          options={optionsOf(t.masks)}
          result={null}
        />
      ))}
    </details>
  )
}

/** Which fields together might still tell who it was, for the same rules. */
function QuasiIdentifierFields({ visit, rule }: RuleFieldsProps): JSX.Element {
  const words = ruleTermsText[visit.locale]
  const { fields = [], at_least: least } = rule.quasi_identifiers ?? {}
  return (
    <details open={rule.quasi_identifiers !== undefined}>
      <summary>{words.quasiTitle}</summary>
      <input type="hidden" name={QUASI_ASKED} value="yes" />
      <fieldset class="field choice-group" aria-describedby="quasi-help">
        <legend>{words.quasiFields}</legend>
        {fieldsBesideKey(visit, rule.resource).map(({ value: name, title }) => (
          <label class="tick" for={`quasi-${name}`}>
            <input
              type="checkbox"
              id={`quasi-${name}`}
              name={`${QUASI_FIELD}${name}`}
              value="yes"
              checked={fields.includes(name)}
            />
            <span>{title}</span>
          </label>
        ))}
        <p class="hint" id="quasi-help">
          {words.quasiHelp}
        </p>
      </fieldset>
      <TextField
        name="quasi-least"
        label={words.quasiLeast}
        type="number"
        min={2}
        max={1000}
        required={false}
        value={least === undefined || Number.isNaN(least) ? '' : String(least)}
        result={null}
      />
    </details>
  )
}

function fieldsBesideKey(visit: Visit, resource: string): readonly Option[] {
  const key = visit.bundle.document.catalogue.find((each) => each.resource === resource)?.key
  return fieldsOf(visit, resource, () => true).filter(({ value }) => value !== key)
}
