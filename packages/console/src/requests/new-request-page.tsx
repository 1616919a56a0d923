import { CHANNELS, RIGHTS, type Right } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { SelectField, TextField } from '../act/fields.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { requestsText } from './text.ts'

/** Taking a request in. */
export function receiveAct({ locale }: Pick<Visit, 'locale'>): Act {
  const t = requestsText[locale]
  return {
    to: '/requests/new',
    title: t.receiveTitle,
    consequences: t.receiveConsequences,
    button: t.receiveButton,
  }
}

/** The form for a request that reached the body. */
export function NewRequestPage(props: {
  visit: Visit
  typed: Readonly<Record<string, string>>
  result: ActResult
}): JSX.Element {
  const { visit, typed, result } = props
  const t = requestsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.receive}
      above={[{ title: t.title, href: '/requests' }]}
      lead={t.receiveLead}
    >
      <ActNote visit={visit} result={result} />
      <div class="narrow">
        <ActForm visit={visit} act={receiveAct(visit)}>
          <SelectField
            name="right"
            label={t.right}
            result={result}
            value={typed['right'] ?? 'access'}
            options={(Object.keys(RIGHTS) as Right[]).map((value) => ({ value, title: t.rights[value] }))}
          />
          <SelectField
            name="channel"
            label={t.channel}
            result={result}
            value={typed['channel'] ?? 'certified-email'}
            options={CHANNELS.map((value) => ({ value, title: t.channels[value] }))}
          />
          <TextField
            name="received"
            type="date"
            label={t.received}
            result={result}
            value={typed['received'] ?? ''}
          />
          <TextField
            name="identifier"
            label={t.identifier}
            help={t.identifierHelp}
            required={false}
            maxlength={128}
            result={result}
            value={typed['identifier'] ?? ''}
          />
          <TextField
            name="replyTo"
            label={t.replyTo}
            required={false}
            maxlength={200}
            result={result}
            value={typed['replyTo'] ?? ''}
          />
        </ActForm>
      </div>
    </Page>
  )
}
