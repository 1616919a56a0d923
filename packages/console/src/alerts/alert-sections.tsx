import { ALERT_STATES, type AlertState } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { alertsText } from './text.ts'

/** The way between the alerts of each state and the openings of identities. */
export function AlertSections(props: {
  visit: Visit
  here: AlertState | 'openings'
  counts: Readonly<Record<AlertState, number>>
  /** Openings that wait for whoever looks. */
  openings: number
}): JSX.Element {
  const { visit, here, counts, openings } = props
  const t = alertsText[visit.locale]
  return (
    <Sections
      label={t.sections}
      of={[
        ...ALERT_STATES.map((each) => ({
          href: each === 'open' ? '/alerts' : `/alerts?state=${each}`,
          title: each === 'open' ? t.views[each] : `${t.views[each]} (${visit.formats.number(counts[each])})`,
          here: each === here,
          ...(each === 'open' ? { waiting: counts.open } : {}),
        })),
        { href: '/alerts/openings', title: t.openings, here: here === 'openings', waiting: openings },
      ]}
    />
  )
}
