import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from './icon.tsx'

/** Stands where a list has nothing to show, and says why. */
export function Empty({ icon = 'search', children }: { icon?: string; children: Child }): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} class="icon-lg icon-primary" />
      <p class="mb-0">{children}</p>
    </div>
  )
}
