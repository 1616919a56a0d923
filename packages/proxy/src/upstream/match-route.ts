import type { FieldName } from '@varco/core'
import type { PathStep, Upstream, UpstreamRoute } from '@varco/policy'

/** A request under a route of the bundle. */
export interface MatchedRoute<R extends UpstreamRoute = UpstreamRoute> {
  readonly upstream: Upstream
  readonly route: R
  /** What the path holds, by field. */
  readonly values: readonly (readonly [FieldName, string])[]
  /** The upstream's path, made anew from the bundle and the values: nothing of the caller's address is passed on as it is. */
  readonly path: string
}

/** The route of a request; `null` when the bundle has none. A literal step goes before a value. */
export function matchRoute(
  upstream: Upstream,
  method: string,
  steps: readonly string[],
): MatchedRoute | null {
  const found = upstream.document.routes.flatMap((document, index) => {
    const route = upstream.routes[index]
    return route === undefined || document.method !== method ? [] : (matched(upstream, route, steps) ?? [])
  })
  return found.toSorted((a, b) => a.values.length - b.values.length)[0] ?? null
}

function matched(upstream: Upstream, route: UpstreamRoute, sent: readonly string[]): MatchedRoute | null {
  if (route.steps.length !== sent.length) return null
  const values: (readonly [FieldName, string])[] = []
  for (const [index, step] of route.steps.entries()) {
    const text = sent[index] ?? ''
    if ('literal' in step) {
      if (step.literal !== text) return null
    } else values.push([step.field, text])
  }
  return { upstream, route, values, path: pathOf(route.steps, values) }
}

/** A path of the upstream's, from the bundle's steps and the values that a request gave for their fields. */
export function pathOf(steps: readonly PathStep[], values: MatchedRoute['values']): string {
  const known = new Map(values)
  return steps
    .map((step) => `/${encodeURIComponent('literal' in step ? step.literal : (known.get(step.field) ?? ''))}`)
    .join('')
}

const MOST_STEP_CHARS = 200

/**
 * The steps of an address after the upstream's name, decoded once; `null` for what could mean something else to whoever
 * decodes it again: separators, dots, percent signs, control characters, what is not UTF-8.
 */
export function readSteps(path: string): readonly string[] | null {
  const steps = path.split('/').map((step) => {
    try {
      return decodeURIComponent(step)
    } catch {
      return ''
    }
  })
  return steps.every(isStep) ? steps : null
}

/** Whether a text can be one step of a path, and nothing else to anybody. */
export function isStep(step: string): boolean {
  // eslint-disable-next-line no-control-regex -- what is refused
  const isStrange = /[\u0000-\u001f\u007f-\u009f/\\%?#;\ufffd]/.test(step)
  return (
    step !== '' && step.length <= MOST_STEP_CHARS && !isStrange && !/^\.+$/.test(step) && step.isWellFormed()
  )
}
