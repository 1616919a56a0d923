import type { JSX } from 'hono/jsx/jsx-runtime'
import { TextField } from '../act/fields.tsx'
import type { Visit } from '../visit/visit.ts'
import type { RuleDocument } from './rule-draft.ts'
import { ruleTermsText } from './rule-terms-text.ts'

/** An event that somebody tells: without a name there is none. */
export function EventFields(props: {
  visit: Visit
  event: RuleDocument['trigger']['event']
  /** Before the names of its fields. */
  prefix: string
}): JSX.Element {
  const { visit, event, prefix } = props
  const t = ruleTermsText[visit.locale]
  return (
    <>
      {(
        [
          ['event-id', t.eventId, event?.id, t.eventIdHelp],
          ['event-it', t.eventIt, event?.title.it, undefined],
          ['event-en', t.eventEn, event?.title.en, undefined],
        ] as const
      ).map(([name, label, value, help]) => (
        <TextField
          name={prefix + name}
          label={label}
          required={false}
          value={value ?? ''}
          maxlength={64}
          result={null}
          {...(help === undefined ? {} : { help })}
        />
      ))}
    </>
  )
}
