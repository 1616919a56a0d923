import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { StateBadge, type Tone } from '../layout/state-badge.tsx'
import type { ContractStanding } from './contract-standing.ts'
import { contractsText } from './text.ts'

const LOOKS: Readonly<Record<ContractStanding, readonly [tone: Tone, icon: string]>> = {
  active: ['permit', 'check-circle'],
  notice: ['warning', 'clock'],
  'not-started': ['note', 'calendar'],
  ended: ['note', 'close-circle'],
  insolvent: ['deny', 'warning-circle'],
  frozen: ['deny', 'ban'],
  draft: ['note', 'pencil'],
  unknown: ['deny', 'help-circle'],
}

/** A contract's standing, in word, shape and colour. */
export function StandingBadge(props: { standing: ContractStanding; locale: Locale }): JSX.Element {
  const [tone, icon] = LOOKS[props.standing]
  return (
    <StateBadge tone={tone} icon={icon}>
      {contractsText[props.locale].standings[props.standing]}
    </StateBadge>
  )
}
