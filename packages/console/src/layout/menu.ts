import type { Permission } from '../visit/permissions.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { layoutText } from './text.ts'

interface MenuEntry {
  readonly title: string
  readonly href: string
  /** Its access key, always the same for the same page. */
  readonly key: string | null
  /** Whether the page at hand is this one or below it. */
  readonly here: boolean
}

const ENTRIES = [
  { href: '/', key: '0', title: 'today', needs: 'read-log' },
  { href: '/log', key: '1', title: 'log', needs: 'read-log' },
  { href: '/data-subjects', key: '2', title: 'dataSubjects', needs: 'read-log' },
  { href: '/alerts', key: '3', title: 'alerts', needs: 'read-alerts' },
  { href: '/grants', key: '4', title: 'grants', needs: 'read-grants' },
  { href: '/contracts', key: '5', title: 'contracts', needs: 'read-contracts' },
  { href: '/policies', key: '6', title: 'policies', needs: 'read-policies' },
  { href: '/retention', key: '7', title: 'retention', needs: 'read-retention' },
  { href: '/requests', key: '8', title: 'requests', needs: 'handle-requests' },
  { href: '/reports', key: null, title: 'reports', needs: 'make-reports' },
  { href: '/me', key: '9', title: 'me', needs: 'own pages' },
  { href: '/grants/mine', key: null, title: 'myGrants', needs: 'any assignment', instead: 'read-grants' },
] as const satisfies readonly {
  href: string
  key: string | null
  title: string
  needs: Permission | 'any assignment' | 'own pages'
  /** Not offered to whoever has the larger page, which leads to this one. */
  instead?: Permission
}[]

/** What this person can open; a page they may not see is not offered. */
export function menuFor({ viewer, url, locale }: Visit): readonly MenuEntry[] {
  if (viewer === null) return []
  const opens = (needs: (typeof ENTRIES)[number]['needs']): boolean => {
    if (needs === 'own pages') return viewer.hasOwnPages
    return needs === 'any assignment' ? viewer.assignments.length > 0 : assignmentFor(viewer, needs) !== null
  }
  return ENTRIES.filter((entry) => opens(entry.needs) && !('instead' in entry && opens(entry.instead))).map(
    ({ href, key, title }) => ({
      href,
      key,
      title: layoutText[locale][title],
      here: url.pathname === href || (href !== '/' && url.pathname.startsWith(`${href}/`)),
    }),
  )
}
