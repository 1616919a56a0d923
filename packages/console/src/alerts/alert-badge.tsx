import type { Alert, AlertState } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge, type Tone } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { alertsText } from './text.ts'

const LOOKS: Readonly<Record<AlertState, readonly [tone: Tone, icon: string]>> = {
  open: ['warning', 'clock'],
  explained: ['permit', 'check-circle'],
  confirmed: ['deny', 'warning-circle'],
}

export function AlertBadge({ visit, alert }: { visit: Visit; alert: Alert }): JSX.Element {
  const [tone, icon] = LOOKS[alert.state]
  return (
    <StateBadge tone={tone} icon={icon}>
      {alertsText[visit.locale].states[alert.state]}
    </StateBadge>
  )
}
