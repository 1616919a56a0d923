import type { DataSubjectRef } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { Services } from './services.ts'
import { sharedBySeveral } from './shared-by-several.ts'

/** Everybody in the body's records that an identifier leads to, one of each kind. `several`: it leads to more. */
export function whoAsks({
  policy,
  subjectRecords,
}: Pick<Services, 'policy' | 'subjectRecords'>): (
  identifier: string,
) => Promise<readonly DataSubjectRef[] | 'several'> {
  return async (identifier) => {
    const bundle = policy.current()
    const named = dataSubjectNamed(bundle, identifier)
    if (named !== null) return [named]
    const found = await subjectRecords.find(bundle, identifier)
    return sharedBySeveral(found).length > 0 ? 'several' : found.map(({ ref }) => ref)
  }
}

/** `producer P-17`: a request taken in from the person's own page names them by kind and key. */
function dataSubjectNamed(bundle: Bundle, identifier: string): DataSubjectRef | null {
  const [kind = '', ...rest] = identifier.split(' ')
  const known = rest.length > 0 && Object.hasOwn(bundle.document.varco.data_subjects, kind)
  return known ? { kind, id: rest.join(' ') } : null
}
