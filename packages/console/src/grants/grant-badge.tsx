import type { Grant } from '@varco/engagement'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge, type Tone } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { grantStanding, reviewStanding, type GrantStanding } from './grant-standing.ts'
import { grantsText } from './text.ts'

const LOOKS: Readonly<Record<GrantStanding, readonly [tone: Tone, icon: string]>> = {
  asked: ['warning', 'clock'],
  'in-force': ['permit', 'check-circle'],
  over: ['note', 'close-circle'],
  refused: ['deny', 'ban'],
  revoked: ['deny', 'close-circle'],
}

/** How a grant stands; for an emergency, how its review does too. */
export function GrantBadge({ visit, grant }: { visit: Visit; grant: Grant }): JSX.Element {
  const t = grantsText[visit.locale]
  const standing = grantStanding(grant, visit.now)
  const review = reviewStanding(grant, visit.now)
  const [tone, icon] = LOOKS[standing]
  return (
    <span class="badges">
      <StateBadge tone={tone} icon={icon}>
        {t.standings[standing]}
      </StateBadge>
      {review === null ? null : (
        <StateBadge
          tone={review === 'late' ? 'deny' : review === 'due' ? 'warning' : 'note'}
          icon={review === 'done' ? 'check' : 'warning-circle'}
        >
          {t.reviews[review]}
        </StateBadge>
      )}
    </span>
  )
}
