import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import type { CoverageGap } from './coverage.ts'
import { logText } from './text.ts'

/** Says above a list what it cannot hold. */
export function CoverageBanner(props: { visit: Visit; gaps: readonly CoverageGap[] }): JSX.Element | null {
  const { visit, gaps } = props
  const t = logText[visit.locale]
  const { instant } = visit.formats
  if (gaps.length === 0) return null
  return (
    <div class="banner banner-warning" role="note">
      <Icon name="warning-circle" class="icon-warning" />
      <div>
        <strong>{t.gapsTitle}</strong>
        <ul class="plain-list">
          {gaps.map((gap) => (
            <li>
              {gap.kind === 'silence'
                ? t.silence(instant(gap.from), instant(gap.to))
                : t.pruned(instant(gap.at))}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
