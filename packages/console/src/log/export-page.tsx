import { EXPORT_FORMATS } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { LongTextField, SelectField } from '../act/fields.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { FilterChips } from './filter-chips.tsx'
import { FILTER_NAMES, type LogFilters } from './log-filters.ts'
import { logText } from './text.ts'

/** Taking events out of the log as a file. */
export function exportAct({ locale, bundle }: Pick<Visit, 'locale' | 'bundle'>): Act {
  const t = logText[locale]
  return {
    to: '/log/export',
    title: t.exportTitle,
    consequences: t.exportConsequences(bundle.document.varco.copies?.keep ?? 'P30D'),
    button: t.exportButton,
  }
}

/** What will be taken out, in which form, and why. */
export function ExportPage(props: {
  visit: Visit
  filters: LogFilters
  typed: Readonly<Record<string, string>>
  result: ActResult
}): JSX.Element {
  const { visit, filters, typed, result } = props
  const t = logText[visit.locale]
  return (
    <Page visit={visit} title={t.exportTitle} above={[{ title: t.title, href: '/log' }]} lead={t.exportLead}>
      <ActNote visit={visit} result={result} />
      <FilterChips visit={visit} filters={filters} subject={undefined} />
      <div class="narrow">
        <ActForm visit={visit} act={exportAct(visit)}>
          {FILTER_NAMES.map((name) =>
            filters[name] === undefined ? null : <input type="hidden" name={name} value={filters[name]} />,
          )}
          <SelectField
            name="format"
            label={t.exportFormat}
            result={result}
            value={typed['format'] ?? 'csv'}
            options={EXPORT_FORMATS.map((value) => ({ value, title: t.exportFormats[value] }))}
          />
          <LongTextField
            name="reason"
            label={t.exportReason}
            help={t.exportReasonHelp}
            minlength={10}
            maxlength={500}
            value={typed['reason'] ?? ''}
            result={result}
          />
        </ActForm>
      </div>
    </Page>
  )
}
