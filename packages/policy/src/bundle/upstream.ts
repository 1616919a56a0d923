import type { FieldName, ResourceName } from '@varco/core'
import type { UpstreamDocument } from './upstream-schema.ts'

/** An existing JSON API behind the gate, ready for use. */
export interface Upstream {
  readonly name: string
  readonly document: UpstreamDocument
  readonly routes: readonly UpstreamRoute[]
}

/** A step of a path: as it stands, or the value of a field. */
export type PathStep = { readonly literal: string } | { readonly field: FieldName }

export type ChangeMethod = 'PATCH' | 'PUT' | 'POST'

export type UpstreamRoute = {
  readonly steps: readonly PathStep[]
  /** Method and path as the bundle has them: for the log. */
  readonly label: string
} & (
  | {
      readonly kind: 'read'
      /** Parameter to field. */
      readonly query: ReadonlyMap<string, FieldName>
      readonly paging: ReadonlySet<string>
      readonly answers: readonly RecordMapping[]
    }
  | {
      readonly kind: 'change'
      readonly method: ChangeMethod
      readonly change: RecordMapping
      /** Where the record is read first; the route's own steps when the bundle says nothing else. */
      readonly record: readonly PathStep[]
    }
  | { readonly kind: 'public'; readonly types: ReadonlySet<string> }
)

/** Where in an answer records of a resource stand, and under which keys their fields. */
export interface RecordMapping {
  /** JSON pointer. */
  readonly at: string
  readonly resource: ResourceName
  /** JSON key to field. */
  readonly keys: ReadonlyMap<string, FieldName>
}

/** @param fieldsOf the fields of a resource, by which keys are named where the bundle names none */
export function compileUpstream(
  document: UpstreamDocument,
  fieldsOf: (resource: string) => readonly string[],
): Upstream {
  const mapping = (
    resource: string,
    at: string,
    keys: Readonly<Record<string, string>> | undefined,
  ): RecordMapping => ({
    at,
    resource: resource as ResourceName,
    keys: new Map(
      Object.entries(keys ?? Object.fromEntries(fieldsOf(resource).map((field) => [field, field]))) as [
        string,
        FieldName,
      ][],
    ),
  })
  return {
    name: document.upstream,
    document,
    routes: document.routes.map((route): UpstreamRoute => {
      const common = { steps: stepsOf(route.path), label: `${route.method} ${route.path}` }
      if ('public' in route) return { ...common, kind: 'public', types: new Set(route.public) }
      if ('change' in route) {
        const { method, path, change } = route
        const record = stepsOf(change.record ?? path)
        return {
          ...common,
          kind: 'change',
          method,
          change: mapping(change.resource, '', change.keys),
          record,
        }
      }
      return {
        ...common,
        kind: 'read',
        query: new Map(Object.entries(route.query) as [string, FieldName][]),
        paging: new Set(route.paging),
        answers: route.answer.map(({ at, resource, keys }) => mapping(resource, at, keys)),
      }
    }),
  }
}

export function stepsOf(path: string): readonly PathStep[] {
  return path
    .slice(1)
    .split('/')
    .map((step) => (step.startsWith('{') ? { field: step.slice(1, -1) as FieldName } : { literal: step }))
}
