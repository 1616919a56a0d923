import { asId, type FieldName, type ResourceName } from '@varco/core'
import type { Bundle, Resource } from './bundle.ts'
import type { BundleDocument, CatalogueDocument } from './schema.ts'
import type { UpstreamDocument } from './upstream-schema.ts'
import { KEY_STEP } from './upstream-source-schema.ts'
import { stepsOf, type PathStep, type Upstream, type UpstreamRoute } from './upstream.ts'

/** Of records that an upstream alone has: by which field they hang on records of the database, and how they go. */
export interface HangingRecords {
  readonly resource: Resource
  readonly upstream: Upstream
  /** Holds the key of the record they hang on. */
  readonly field: FieldName
  /** `null`: the field is their own key. */
  readonly listing: Listing | null
  /** `null`: the bundle does not say how. */
  readonly removal: Removal | null
}

/** Where the upstream tells which records have a value in the field. Not asked where it is their key: there is one at most. */
export interface Listing {
  readonly route: Extract<UpstreamRoute, { kind: 'read' }>
  /** The parameter that says the value; `null`: the path does. */
  readonly parameter: string | null
}

export interface Removal {
  readonly method: 'DELETE' | 'POST'
  /** One of them is the record's key. */
  readonly steps: readonly PathStep[]
}

/** All that hangs on records of a resource, behind whichever upstream. */
export function hangingOn(bundle: Bundle, { name, relation }: Resource): readonly HangingRecords[] {
  if (relation === null) return []
  return [...bundle.resources.values()].flatMap((resource) => {
    const { source, key } = resource.document
    if (!('upstream' in source)) return []
    // INVARIANT: a checked bundle's sources name upstreams of it.
    const upstream = bundle.upstreams.get(source.upstream) as Upstream
    return tiesOf(bundle.document, resource.document)
      .filter((tie) => tie.resource === name)
      .map(({ field }) => ({
        ...{ resource, upstream, field: asId<FieldName>(field) },
        listing: field === key ? null : listingOf(upstream, resource.name, field),
        removal:
          source.delete === undefined
            ? null
            : { method: source.delete.method, steps: removalSteps(source.delete.path, key) },
      }))
  })
}

/** How records behind an upstream are tied to records of the database: a pointer that the catalogue declares. */
export interface Tie {
  readonly field: string
  readonly resource: string
  readonly to: string
}

/** The relations of records behind an upstream; without any they hang on the record of their data subject. */
export function tiesOf({ catalogue, varco }: BundleDocument, file: CatalogueDocument): readonly Tie[] {
  const declared = Object.values(file.relations).filter(({ many }) => !many)
  if (declared.length > 0 || file.data_subject === undefined) return declared
  const { kind, field } = file.data_subject
  const person = Object.hasOwn(varco.data_subjects, kind) ? varco.data_subjects[kind]?.resource : undefined
  const record = catalogue.find(({ resource }) => resource === person)
  return record === undefined
    ? []
    : [{ field, resource: record.resource, to: record.data_subject?.field ?? record.key }]
}

/**
 * Which of an upstream's routes lists a resource's records by a field and by nothing else: its place among them, and the
 * parameter.
 */
export function listingRoute(
  { routes }: UpstreamDocument,
  resource: string,
  field: string,
): { readonly at: number; readonly parameter: string | null } | null {
  for (const [at, route] of routes.entries()) {
    if (!('answer' in route) || route.answer.length !== 1) continue
    const [answer] = route.answer
    if (answer?.resource !== resource) continue
    if (answer.keys !== undefined && !Object.values(answer.keys).includes(field)) continue
    const inPath = [...route.path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name)
    if (inPath.length > 0) {
      if (inPath.every((name) => name === field)) return { at, parameter: null }
      continue
    }
    const parameter = Object.keys(route.query).find((name) => route.query[name] === field)
    if (parameter !== undefined) return { at, parameter }
  }
  return null
}

function listingOf(upstream: Upstream, resource: ResourceName, field: string): Listing | null {
  const found = listingRoute(upstream.document, resource, field)
  const route = found === null ? undefined : upstream.routes[found.at]
  return route?.kind === 'read' ? { route, parameter: found?.parameter ?? null } : null
}

function removalSteps(path: string, key: string): readonly PathStep[] {
  return stepsOf(path.replace(KEY_STEP, `{${key}}`))
}
