import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icon.tsx'

/** `permit` is well and done, `deny` refused or late, `warning` waits for somebody, `note` is over or merely so. */
export type Tone = 'permit' | 'deny' | 'warning' | 'note'

/** How something stands, in word, shape and colour. */
export function StateBadge(props: { tone: Tone; icon: string; children: Child }): JSX.Element {
  return (
    <span class={`outcome outcome-${props.tone}`}>
      <Icon name={props.icon} class="icon-sm" />
      {props.children}
    </span>
  )
}
