import {
  decide,
  toConstant,
  type AccessRequest,
  type Action,
  type FetchedRecord,
  type Resource,
} from '@varco/policy'
import { isRefusal } from '../refusal.ts'
import { recordsLeft } from '../steps/budget-left.ts'
import type { Visit } from '../visit.ts'
import { told, type Told } from './told.ts'

/**
 * The record that a question names by its id alone, read under the subject's own permit, so that what is said is said of
 * the record itself. To ask for it by its key is to compare the key, which must be plain.
 * @returns `null` for a record that is not there, and for one beyond reach all the same; or why none was looked for
 * @throws UnavailableError when the records cannot be read now
 */
export async function readNamedRecord(
  visit: Visit,
  facts: Omit<AccessRequest, 'action' | 'resource'>,
  action: Action,
  resource: Resource,
  id: string,
): Promise<{ readonly record: FetchedRecord | null } | Told> {
  const { bundle, gate } = visit
  const { key, name, fields, dataSubject } = resource
  const [permit, naming] = [action, namingAction(action)].map((each) =>
    decide(bundle, { ...facts, action: each, resource: name }),
  )
  // What is denied whichever record it is of needs none.
  if (permit?.effect !== 'permit' || naming?.effect !== 'permit') return NONE
  const keyPermit = naming.fields.get(key)
  if (keyPermit?.best !== 'plain') return told('field-not-plain')
  const left = recordsLeft(visit, resource, permit)
  if (isRefusal(left)) return left
  const value = toConstant(fields.get(key)?.type ?? 'json', id)
  if (value === null) return NONE
  const [record] = await gate.records.fetch({
    resource,
    fields: [
      ...new Set([key, ...(dataSubject === null ? [] : [dataSubject.field]), ...permit.conditionFields]),
    ],
    reach: { op: 'and', of: [permit.rowFilter, naming.rowFilter, keyPermit.plainWhere] },
    filter: { kind: 'condition', condition: { op: 'in', field: key, values: [value] } },
    ...{ order: [], offset: 0, limit: 1 },
  })
  return record === undefined || permit.outcomesOf(record) === null ? NONE : { record }
}

const NONE = { record: null }

/** Records to be changed are named by what the caller may read of them. */
function namingAction(action: Action): Action {
  return action === 'update' ? 'read' : action
}
