import { isLonger, mayBeLonger } from './may-be-longer.ts'
import type { DocumentPath, ProblemList } from './problem-list.ts'
import { retentionMasks } from './retention-masks.ts'
import type { BundleDocument, CatalogueDocument, RetentionRuleDocument } from './schema.ts'

type AwaitingTrigger = Pick<RetentionRuleDocument['trigger'], 'event' | 'contract_end'>

/** What retention rules must agree on with the catalogue and with one another. */
export function checkRetention(document: BundleDocument, problems: ProblemList): void {
  const resources = new Map(document.catalogue.map((file) => [file.resource, file]))
  const floored = boundByFloors(document)
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
    checkLastOf(path, rule, resource, resources, problems)
    checkAwaited([...path, 'trigger'], rule.trigger, resource, boundOf(rule), problems)
    checkOwner(path, rule, document, problems)
    checkFloors(path, rule, resource, floored.get(rule.resource), problems)
    checkMasks(path, rule, resource, problems)
    checkQuasiIdentifiers(path, rule, resource, problems)
    if (rule.on_request === 'restrict' && resource.data_subject === undefined)
      problems.add([...path, 'on_request'], 'nobody is named whose records these are', 'erase or withhold')
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

function checkLastOf(
  path: DocumentPath,
  { action, trigger: { last_of: lastOf } }: RetentionRuleDocument,
  { relations }: CatalogueDocument,
  resources: ReadonlyMap<string, CatalogueDocument>,
  problems: ProblemList,
): void {
  if (lastOf === undefined) return
  const here = [...path, 'trigger', 'last_of']
  if (!problems.known([...here, 'relation'], 'relation', lastOf.relation, new Set(Object.keys(relations))))
    return
  const related = resources.get(relations[lastOf.relation]?.resource ?? '')
  if (related !== undefined) checkTrigger([...here, 'field'], lastOf.field, related, problems)
  if (action === 'restrict')
    problems.add(here, 'a restriction is told by the record itself', 'a field of its own')
}

/** What rules are like that a term binds. */
interface Bound {
  readonly restricts: boolean
  /** Nobody agrees to their plans. */
  readonly isUnapproved: boolean
  /** They count records that are alike. */
  readonly counts: boolean
}

function boundOf({ action, approval, quasi_identifiers: quasi }: RetentionRuleDocument): Bound {
  return { restricts: action === 'restrict', isUnapproved: approval === 'none', counts: quasi !== undefined }
}

/** By resource, all that takes its records away: floors bind it, whichever rule brings them. */
function boundByFloors({ retention }: BundleDocument): ReadonlyMap<string, Bound> {
  const bounds = new Map<string, Bound>()
  for (const rule of retention) {
    const bound = boundOf(rule)
    const known = bounds.get(rule.resource)
    if (bound.restricts) continue
    bounds.set(rule.resource, {
      restricts: false,
      isUnapproved: bound.isUnapproved || known?.isUnapproved === true,
      counts: bound.counts || known?.counts === true,
    })
  }
  return bounds
}

/** What is awaited is known of each record that is about to go, and of no others. */
function checkAwaited(
  here: DocumentPath,
  { event, contract_end: contract }: AwaitingTrigger,
  { fields }: CatalogueDocument,
  bound: Bound | undefined,
  problems: ProblemList,
): void {
  if (event === undefined && contract === undefined) return
  const names = [...here, 'contract_end']
  if (event !== undefined && contract !== undefined)
    problems.add(names, 'the term waits for an event already', 'one of the two')
  if (contract !== undefined && problems.known(names, 'field', contract, new Set(Object.keys(fields)))) {
    const type = fields[contract]?.type
    if (type !== 'text') problems.add(names, `a ${type} field names no contract`, 'a text field')
  }
  const at = event === undefined ? names : [...here, 'event']
  if (bound?.restricts === true)
    problems.add(at, 'a restriction is told by the record itself', 'a field of its own')
  if (bound?.isUnapproved === true)
    problems.add(at, 'one person’s word would be enough for a record to go', 'an approval')
  if (bound?.counts === true)
    problems.add(at, 'records alike are counted by their dates alone', 'a rule without quasi_identifiers')
}

function checkOwner(
  path: DocumentPath,
  { owner }: RetentionRuleDocument,
  { varco }: BundleDocument,
  problems: ProblemList,
): void {
  if (owner !== undefined)
    problems.known([...path, 'owner'], 'unit', owner, new Set(Object.keys(varco.units)))
}

function checkFloors(
  path: DocumentPath,
  rule: RetentionRuleDocument,
  resource: CatalogueDocument,
  bound: Bound | undefined,
  problems: ProblemList,
): void {
  rule.keep_at_least?.forEach((floor, at) => {
    const here = [...path, 'keep_at_least', at]
    checkTrigger([...here, 'trigger', 'field'], floor.trigger.field, resource, problems)
    checkAwaited([...here, 'trigger'], floor.trigger, resource, bound, problems)
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
  rule: RetentionRuleDocument,
  resource: CatalogueDocument,
  problems: ProblemList,
): void {
  const { action, masks, masks_by_category: byCategory } = rule
  const { fields, key, relations } = resource
  if (action === 'anonymise' && Object.keys({ ...masks, ...byCategory }).length === 0)
    problems.add([...path, 'action'], 'nothing says how the fields are anonymised', 'masks')
  for (const part of ['masks', 'masks_by_category'] as const)
    if (action !== 'anonymise' && rule[part] !== undefined)
      problems.add([...path, part], `the action ${action} masks nothing`, 'action: anonymise')
  const categories = new Set(Object.values(fields).map(({ category }) => category))
  for (const category of Object.keys(byCategory ?? {}))
    problems.known([...path, 'masks_by_category', category], 'category', category, categories)
  for (const name of Object.keys(masks ?? {}))
    problems.known([...path, 'masks', name], 'field', name, new Set(Object.keys(fields)))
  const pointers = new Set([
    key,
    ...Object.values(relations).flatMap(({ field, many }) => (many ? [] : [field])),
  ])
  for (const [name, mask] of Object.entries(retentionMasks(rule, resource) ?? {})) {
    const field = fields[name]
    if (field === undefined) continue
    const isNamed = masks !== undefined && Object.hasOwn(masks, name)
    const here = [...path, ...(isNamed ? ['masks', name] : ['masks_by_category', field.category])]
    const which = isNamed ? 'the field' : `its field ${name}`
    if (pointers.has(name))
      problems.add(
        here,
        `records are tied to one another by ${isNamed ? 'this field' : which}`,
        'another field',
      )
    else if (mask === 'clear' && !field.nullable)
      problems.add(here, `${which} always has a value`, 'redact, or year for a date')
    else if (mask === 'redact' && field.type !== 'text' && field.type !== 'json')
      problems.add(here, `${which} is of type ${field.type} and holds no word`, 'clear')
    else if (mask === 'year' && field.type !== 'date' && field.type !== 'timestamp')
      problems.add(here, `${which} is of type ${field.type} and has no year`, 'clear or redact')
  }
}

function checkQuasiIdentifiers(
  path: DocumentPath,
  rule: RetentionRuleDocument,
  resource: CatalogueDocument,
  problems: ProblemList,
): void {
  const { action, quasi_identifiers: quasi } = rule
  const { fields } = resource
  if (quasi === undefined) return
  const masks = retentionMasks(rule, resource)
  const here = [...path, 'quasi_identifiers']
  if (action !== 'anonymise')
    problems.add(here, `the action ${action} leaves nobody to be told apart`, 'action: anonymise')
  quasi.fields.forEach((name, at) => {
    if (!problems.known([...here, 'fields', at], 'field', name, new Set(Object.keys(fields)))) return
    if (fields[name]?.type === 'json')
      problems.add([...here, 'fields', at], 'a json field is not compared', 'a plain field')
    if (masks?.[name] === 'clear')
      problems.add([...here, 'fields', at], 'the field is cleared', 'a field that keeps something')
  })
}

/** Stages of one resource go from the mildest to the last, each later than the one before. */
const SEVERITY = { restrict: 0, anonymise: 1, archive: 2, erase: 2 } as const

function checkConflicts({ retention }: BundleDocument, problems: ProblemList): void {
  const stages = new Map<string, Map<number, RetentionRuleDocument>>()
  retention.forEach((rule, index) => {
    const path = ['retention', index]
    const key = `${rule.resource} ${rule.trigger.field} ${rule.trigger.event?.id ?? ''} ${rule.trigger.contract_end ?? ''}`
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
