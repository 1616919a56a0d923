import type { JSX } from 'hono/jsx/jsx-runtime'

export interface Section {
  readonly href: string
  readonly title: string
  readonly here: boolean
  /** How many wait there; nothing is shown for none. */
  readonly waiting?: number
}

/** The way between pages that belong together. */
export function Sections({ label, of }: { label: string; of: readonly Section[] }): JSX.Element {
  return (
    <nav class="sections" aria-label={label}>
      <ul>
        {of.map(({ href, title, here, waiting = 0 }) => (
          <li>
            <a href={href} aria-current={here ? 'page' : undefined}>
              {title}
              {waiting === 0 ? null : <span class="waiting">{waiting}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
