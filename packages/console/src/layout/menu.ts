import type { Permission } from '../visit/permissions.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { layoutText } from './text.ts'

interface MenuEntry {
  readonly title: string
  readonly href: string
  /** Whether the page at hand is this one or below it. */
  readonly here: boolean
}

const ENTRIES = [
  { href: '/', title: 'today', needs: 'read-log' },
  { href: '/log', title: 'log', needs: 'read-log' },
  { href: '/alerts', title: 'alerts', needs: 'read-alerts' },
  { href: '/grants', title: 'grants', needs: 'read-grants' },
  { href: '/contracts', title: 'contracts', needs: 'read-contracts' },
  { href: '/policies', title: 'policies', needs: 'read-policies' },
  { href: '/retention', title: 'retention', needs: 'read-retention' },
  { href: '/requests', title: 'requests', needs: 'handle-requests' },
  { href: '/me', title: 'me', needs: 'any assignment' },
  { href: '/grants/mine', title: 'myGrants', needs: 'any assignment', instead: 'read-grants' },
] as const satisfies readonly {
  href: string
  title: string
  needs: Permission | 'any assignment'
  /** Not offered to whoever has the larger page, which leads to this one. */
  instead?: Permission
}[]

/** What this person can open; a page they may not see is not offered. */
export function menuFor({ viewer, url, locale }: Visit): readonly MenuEntry[] {
  if (viewer === null) return []
  const opens = (needs: Permission | 'any assignment'): boolean =>
    needs === 'any assignment' ? viewer.assignments.length > 0 : assignmentFor(viewer, needs) !== null
  return ENTRIES.filter((entry) => opens(entry.needs) && !('instead' in entry && opens(entry.instead))).map(
    ({ href, title }) => ({
      href,
      title: layoutText[locale][title],
      here: url.pathname === href || (href !== '/' && url.pathname.startsWith(`${href}/`)),
    }),
  )
}
