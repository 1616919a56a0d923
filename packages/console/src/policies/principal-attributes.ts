import type { Bundle } from '@varco/policy'

/**
 * What the rules on a kind of data ask of the person besides role and unit: `$principal.regions` and the
 * like, and whether one value is meant or a list.
 */
export function principalAttributes(bundle: Bundle, resource: string): ReadonlyMap<string, 'one' | 'list'> {
  const found = new Map<string, 'one' | 'list'>()
  const look = (value: unknown, op: string): void => {
    if (typeof value === 'string') {
      const name = /^\$principal\.(\w+)$/.exec(value)?.[1]
      if (name !== undefined && name !== 'role' && name !== 'unit') {
        found.set(name, op === 'in' || op === 'nin' ? 'list' : 'one')
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) look(inner, Array.isArray(value) ? op : key)
    }
  }
  for (const rule of bundle.document.access) if (rule.resource === resource) look(rule.where, '')
  return found
}
