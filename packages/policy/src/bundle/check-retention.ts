import { isLonger, mayBeLonger } from './may-be-longer.ts'
import type { DocumentPath, ProblemList } from './problem-list.ts'
import type { BundleDocument, CatalogueDocument, RetentionRuleDocument } from './schema.ts'

/** What retention rules must agree on with the catalogue and with one another. */
export function checkRetention(document: BundleDocument, problems: ProblemList): void {
  const resources = new Map(document.catalogue.map((file) => [file.resource, file]))
  problems.unique(
    'retention rule',
    document.retention.map(({ id }, index) => ({ name: id, path: ['retention', index, 'id'] })),
  )
  document.retention.forEach((rule, index) => {
    const path = ['retention', index]
    if (!problems.known([...path, 'resource'], 'resource', rule.resource, new Set(resources.keys()))) return
    // INVARIANT: known, just above.
    const resource = resources.get(rule.resource) as CatalogueDocument
    checkTrigger([...path, 'trigger', 'field'], rule.trigger.field, resource, problems)
    checkFloors(path, rule, resource, problems)
    checkMasks(path, rule, resource, problems)
  })
  checkConflicts(document, problems)
}

function checkTrigger(
  path: DocumentPath,
  field: string,
  { fields }: CatalogueDocument,
  problems: ProblemList,
): void {
  if (!problems.known(path, 'field', field, new Set(Object.keys(fields)))) return
  const type = fields[field]?.type
  if (type !== 'date' && type !== 'timestamp')
    problems.add(path, `a ${type} field starts no period`, 'a date or timestamp field')
}

function checkFloors(
  path: DocumentPath,
  rule: RetentionRuleDocument,
  resource: CatalogueDocument,
  problems: ProblemList,
): void {
  rule.keep_at_least?.forEach((floor, at) => {
    const here = [...path, 'keep_at_least', at]
    checkTrigger([...here, 'trigger', 'field'], floor.trigger.field, resource, problems)
    if (floor.trigger.field === rule.trigger.field && mayBeLonger(floor.after, rule.after))
      problems.add(
        [...here, 'after'],
        `the record must be kept for ${floor.after} and must go after ${rule.after}`,
        `a term of at least ${floor.after}`,
      )
  })
}

function checkMasks(
  path: DocumentPath,
  { action, masks }: RetentionRuleDocument,
  { fields, key, relations }: CatalogueDocument,
  problems: ProblemList,
): void {
  if (action === 'anonymise' && Object.keys(masks ?? {}).length === 0)
    problems.add([...path, 'action'], 'nothing says how the fields are anonymised', 'masks')
  if (action !== 'anonymise' && masks !== undefined)
    problems.add([...path, 'masks'], `the action ${action} masks nothing`, 'action: anonymise')
  const pointers = new Set([
    key,
    ...Object.values(relations).flatMap(({ field, many }) => (many ? [] : [field])),
  ])
  for (const [name, mask] of Object.entries(masks ?? {})) {
    const here = [...path, 'masks', name]
    if (!problems.known(here, 'field', name, new Set(Object.keys(fields)))) continue
    const field = fields[name]
    if (pointers.has(name))
      problems.add(here, 'records are tied to one another by this field', 'another field')
    else if (mask === 'clear' && field?.nullable !== true)
      problems.add(here, 'the field always has a value', 'redact, or year for a date')
    else if (mask === 'redact' && field?.type !== 'text' && field?.type !== 'json')
      problems.add(here, `a ${field?.type} field holds no word`, 'clear')
    else if (mask === 'year' && field?.type !== 'date' && field?.type !== 'timestamp')
      problems.add(here, `a ${field?.type} field has no year`, 'clear or redact')
  }
}

/** Stages of one resource go from the mildest to the last, each later than the one before. */
const SEVERITY = { restrict: 0, anonymise: 1, archive: 2, erase: 2 } as const

function checkConflicts({ retention }: BundleDocument, problems: ProblemList): void {
  const stages = new Map<string, Map<number, RetentionRuleDocument>>()
  retention.forEach((rule, index) => {
    const path = ['retention', index]
    const key = `${rule.resource} ${rule.trigger.field}`
    const known = stages.get(key) ?? new Map<number, RetentionRuleDocument>()
    stages.set(key, known)
    const severity = SEVERITY[rule.action]
    for (const [stage, other] of known) {
      if (stage === severity)
        problems.add(
          [...path, 'action'],
          `the rule ${other.id} already ends the same records`,
          'one of the two',
        )
      else if (stage < severity ? !isLonger(rule.after, other.after) : !isLonger(other.after, rule.after))
        problems.add(
          [...path, 'after'],
          `the stage is out of order with the rule ${other.id}`,
          'a milder stage first',
        )
    }
    if (!known.has(severity)) known.set(severity, rule)
  })
}
