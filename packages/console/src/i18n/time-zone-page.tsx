import type { JSX } from 'hono/jsx/jsx-runtime'
import { SelectField } from '../act/fields.tsx'
import { Page } from '../layout/page.tsx'
import { layoutText } from '../layout/text.ts'
import type { Visit } from '../visit/visit.ts'
import { TIME_ZONES } from './time-zone.ts'

/** Whose clocks the pages go by. `to`: the page one came from. */
export function TimeZonePage({ visit, to }: { visit: Visit; to: string }): JSX.Element {
  const t = layoutText[visit.locale]
  const { time_zone: bodyZone } = visit.bundle.document.varco
  const others = TIME_ZONES.filter((zone) => zone !== bodyZone)
  return (
    <Page visit={visit} title={t.zoneTitle} above={[]} lead={t.zoneLead(bodyZone)}>
      <form method="get" action="/time-zone/set" class="narrow panel">
        <input type="hidden" name="to" value={to} />
        <SelectField
          name="zone"
          label={t.zone}
          value={visit.timeZone}
          result={null}
          options={[bodyZone, ...others].map((value) => ({ value, title: value }))}
        />
        <button type="submit" class="btn btn-primary mt-3">
          {t.zoneUse}
        </button>
      </form>
    </Page>
  )
}
