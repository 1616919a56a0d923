import { asId, type ResourceName } from '@varco/core'
import type { HoldScope } from '@varco/retention'
import type { Visit } from '../visit/visit.ts'

/** One record, or all that is one data subject's. */
export type NamedScope = HoldScope & { readonly kind: 'record' | 'data-subject' }

/** Before the kind of a data subject, in a list that has resources too. */
const SUBJECT = 'subject:'
const LONGEST_KEY = 256

/** What a form's two fields name: a resource or a kind of data subject, and a key; or the field that is wrong. */
export function readNamed(bundle: Visit['bundle'], of: string, key: string): NamedScope | 'of' | 'key' {
  const kind = dataSubjectKind(bundle, of)
  if (kind === null && !bundle.resources.has(asId<ResourceName>(of))) return 'of'
  if (key === '' || key.length > LONGEST_KEY) return 'key'
  return kind === null
    ? { kind: 'record', resource: of, record: key }
    : { kind: 'data-subject', dataSubject: { kind, id: key } }
}

/** The kind of data subject that an entry of the list stands for; `null`: it stands for no known one. */
function dataSubjectKind({ document }: Visit['bundle'], of: string): string | null {
  const kind = of.startsWith(SUBJECT) ? of.slice(SUBJECT.length) : null
  return kind !== null && Object.hasOwn(document.varco.data_subjects, kind) ? kind : null
}

/** The entry of the list that stands for a kind of data subject. */
export function entryOf(kind: string): string {
  return `${SUBJECT}${kind}`
}
