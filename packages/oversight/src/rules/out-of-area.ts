import type { SubjectLookup } from '@varco/access-log'
import type { AccessRule } from './access-case.ts'

/** People outside the regions of the operator's assignment. Who has no regions covers all. */
export const outOfArea: AccessRule = (access) => {
  const { worker, settings } = access
  const regions = worker?.lists.get(settings.alerts['out-of-area'].attribute)
  if (regions === undefined || !access.showed) return null
  const outside: SubjectLookup[] = []
  for (const { lookup, person } of access.known)
    if (person.region !== null && !regions.includes(person.region)) outside.push(lookup)
  if (outside.length === 0) return null
  const unexplained = access.unexplained('out-of-area')
  const people = outside.filter((lookup) => unexplained.includes(lookup))
  return people.length === 0
    ? null
    : { people, facts: [{ code: 'outside-regions' }, { code: 'without-explanation' }] }
}
