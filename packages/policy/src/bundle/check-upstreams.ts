import type { DocumentPath, ProblemList } from './problem-list.ts'
import type { BundleDocument } from './schema.ts'

/** Names of resources and fields in upstreams, and routes that could be taken for one another. */
export function checkUpstreams(document: BundleDocument, problems: ProblemList): void {
  const upstreams = document.upstreams ?? []
  const resources = new Map(document.catalogue.map((file) => [file.resource, file]))
  problems.unique(
    'upstream',
    upstreams.map(({ upstream: name }, index) => ({ name, path: ['upstreams', index, 'upstream'] })),
  )
  const checkMapping = (
    {
      resource,
      keys = {},
    }: { readonly resource: string; readonly keys?: Readonly<Record<string, string>> | undefined },
    path: DocumentPath,
  ): void => {
    if (!problems.known([...path, 'resource'], 'resource', resource, resources)) return
    const catalogue = resources.get(resource)
    const fields = new Set(Object.keys(catalogue?.fields ?? {}))
    for (const [key, field] of Object.entries(keys))
      problems.known([...path, 'keys', key], 'field', field, fields)
    const mapped = Object.values(keys)
    // Without them nobody could say whose record was shown.
    for (const needed of [catalogue?.key, catalogue?.data_subject?.field]) {
      if (needed !== undefined && mapped.length > 0 && !mapped.includes(needed))
        problems.add(
          [...path, 'keys'],
          `no key holds "${needed}", which says which record it is or whose`,
          needed,
        )
    }
    if (new Set(mapped).size < mapped.length)
      problems.add([...path, 'keys'], 'two keys hold the same field', 'each field once')
  }
  upstreams.forEach((upstream, index) => {
    problems.unique(
      'route',
      upstream.routes.map(({ method, path }, item) => ({
        name: `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`,
        path: ['upstreams', index, 'routes', item, 'path'],
      })),
    )
    upstream.routes.forEach((route, item) => {
      const path: DocumentPath = ['upstreams', index, 'routes', item]
      if ('public' in route) return
      const mappings = 'change' in route ? [route.change] : route.answer
      if ('change' in route) {
        checkMapping(route.change, [...path, 'change'])
        checkRecordPath(route, path, problems)
      } else {
        route.answer.forEach((answer, place) => {
          checkMapping(answer, [...path, 'answer', place])
          if (route.answer.some(({ at }, other) => other !== place && `${answer.at}/`.startsWith(`${at}/`)))
            problems.add([...path, 'answer', place, 'at'], 'one answer stands within another', 'places apart')
        })
      }
      // What the request compares must be comparable on every record of the answer.
      const [first] = mappings
      const compared = fieldsIn(route.path)
      const wanted = [...compared, ...('query' in route ? Object.values(route.query) : [])]
      const fields = new Set(Object.keys(resources.get(first?.resource ?? '')?.fields ?? {}))
      if (fields.size > 0)
        for (const field of wanted) problems.known([...path, 'path'], 'field', field, fields)
      if (wanted.length > 0 && mappings.length > 1)
        problems.add([...path, 'answer'], 'a route with parameters answers with one resource', 'one answer')
    })
  })
}

/** A change is of one record, which its path says and which can be read before. */
function checkRecordPath(
  { path, change }: { readonly path: string; readonly change: { readonly record?: string | undefined } },
  at: DocumentPath,
  problems: ProblemList,
): void {
  const named = fieldsIn(path)
  const read = fieldsIn(change.record ?? path)
  if (read.length === 0)
    problems.add([...at, 'path'], 'a change says in its path which record it is of', 'a field such as {id}')
  for (const field of read)
    if (!named.includes(field))
      problems.add([...at, 'change', 'record'], `"${field}" is not in the route’s path`, 'its fields')
}

function fieldsIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].flatMap((match) => match[1] ?? [])
}
