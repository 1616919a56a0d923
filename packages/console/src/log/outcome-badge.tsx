import type { StoredEvent } from '@varco/access-log'
import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge } from '../layout/state-badge.tsx'
import { logText } from './text.ts'

const OUTCOMES = {
  permit: { icon: 'check-circle', word: 'permit' },
  deny: { icon: 'ban', word: 'deny' },
  note: { icon: 'note', word: 'administrative' },
} as const

/** How an event ended, in word, colour and shape: never in colour alone. */
export function OutcomeBadge({ event, locale }: { event: StoredEvent; locale: Locale }): JSX.Element {
  const outcome = event.decision ?? 'note'
  const { icon, word } = OUTCOMES[outcome]
  return (
    <StateBadge tone={outcome} icon={icon}>
      {logText[locale][word]}
    </StateBadge>
  )
}
