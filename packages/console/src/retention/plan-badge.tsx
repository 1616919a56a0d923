import type { PlanState } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge, type Tone } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { retentionText } from './text.ts'

const LOOKS: Readonly<Record<PlanState, readonly [Tone, string]>> = {
  planned: ['warning', 'clock'],
  approved: ['permit', 'check'],
  running: ['warning', 'refresh'],
  paused: ['note', 'clock'],
  ending: ['warning', 'refresh'],
  done: ['permit', 'check-circle'],
  cancelled: ['note', 'close-circle'],
}

/** How a plan stands. */
export function PlanBadge({ visit, state }: { visit: Visit; state: PlanState }): JSX.Element {
  const [tone, icon] = LOOKS[state]
  return (
    <StateBadge tone={tone} icon={icon}>
      {retentionText[visit.locale].states[state]}
    </StateBadge>
  )
}
