import { listingRoute, tiesOf, type Tie } from './hanging-records.ts'
import type { DocumentPath, ProblemList } from './problem-list.ts'
import type { BundleDocument, CatalogueDocument, RetentionRuleDocument } from './schema.ts'

/** What only an upstream has: that it can be found, that it goes with what it hangs on, and that nothing is left behind. */
export function checkUpstreamRecords(document: BundleDocument, problems: ProblemList): void {
  const behind = new Set(
    document.catalogue.filter(({ source }) => 'upstream' in source).map(({ resource }) => resource),
  )
  if (behind.size === 0) return
  document.catalogue.forEach((file, index) => {
    const path: DocumentPath = ['catalogue', index]
    checkRelations(file, behind, path, problems)
    if (behind.has(file.resource)) checkSource(document, file, path, problems)
  })
  for (const [kind, { resource }] of Object.entries(document.varco.data_subjects)) {
    if (behind.has(resource))
      problems.add(
        ['varco', 'data_subjects', kind, 'resource'],
        `the records of "${resource}" are behind an upstream: nobody is found there`,
        'a resource of the database',
      )
  }
  document.retention.forEach((rule, index) =>
    checkRule(document, rule, ['retention', index], behind, problems),
  )
}

function checkRelations(
  { resource: from, relations }: CatalogueDocument,
  behind: ReadonlySet<string>,
  path: DocumentPath,
  problems: ProblemList,
): void {
  for (const [name, { resource, many }] of Object.entries(relations)) {
    const here = [...path, 'relations', name]
    if (behind.has(resource))
      problems.add(
        [...here, 'resource'],
        `the records of "${resource}" are behind an upstream`,
        'the relation on their side, to a resource of the database',
      )
    else if (many && behind.has(from))
      problems.add(here, 'nothing in the database hangs on records behind an upstream', 'a relation to one')
  }
}

function checkSource(
  document: BundleDocument,
  file: CatalogueDocument,
  path: DocumentPath,
  problems: ProblemList,
): void {
  const { source, key, resource } = file
  if (!('upstream' in source)) return
  const here = [...path, 'source']
  const upstreams = new Map((document.upstreams ?? []).map((each) => [each.upstream, each]))
  if (!problems.known([...here, 'upstream'], 'upstream', source.upstream, upstreams)) return
  if (source.delete === undefined) return
  const ties = tiesOf(document, file)
  if (ties.length === 0)
    problems.add(
      [...here, 'delete'],
      'nothing says with which records of the database they go',
      'a relation, or a data subject',
    )
  const upstream = upstreams.get(source.upstream)
  for (const { field, resource: other, to } of ties) {
    if (to !== document.catalogue.find((each) => each.resource === other)?.key)
      problems.add(
        [...here, 'delete'],
        `several records of "${other}" may have one value in "${to}": nothing says with which of them they go`,
        `a relation to the key of "${other}"`,
      )
    if (field !== key && upstream !== undefined && listingRoute(upstream, resource, field) === null)
      problems.add(
        [...here, 'delete'],
        `no route of the upstream tells which records have a value in "${field}"`,
        `a GET route that answers with "${resource}" alone, by "${field}" alone`,
      )
  }
}

function checkRule(
  document: BundleDocument,
  rule: RetentionRuleDocument,
  path: DocumentPath,
  behind: ReadonlySet<string>,
  problems: ProblemList,
): void {
  if (behind.has(rule.resource)) {
    problems.add(
      [...path, 'resource'],
      'records behind an upstream go with the records they hang on',
      'a resource of the database',
    )
    return
  }
  const takesAway = rule.action === 'erase' || rule.action === 'archive' || rule.on_request === 'erase'
  if (!takesAway) return
  for (const file of document.catalogue) {
    if (!('upstream' in file.source)) continue
    if (!tiesOf(document, file).some((tie: Tie) => tie.resource === rule.resource)) continue
    if (file.source.delete === undefined)
      problems.add(
        [...path, 'action'],
        `records of "${file.resource}" would stay behind the upstream "${file.source.upstream}"`,
        'a "delete" at their source',
      )
    else if (rule.action === 'archive')
      problems.add(
        [...path, 'action'],
        `records of "${file.resource}" behind the upstream "${file.source.upstream}" would go unarchived`,
        'erase',
      )
  }
}
