import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
} from 'js-yaml'
import type { DocumentPath } from './problem-list.ts'
import type { BundleProblem } from './problem.ts'

/** A file larger than this is refused unread. */
export const LARGEST_FILE = 5_000_000
/** Deeper than anything the schemas describe. */
export const DEEPEST_YAML = 40

/** One parsed file: its value, and where in the text each part of it stands. */
export interface YamlSource {
  readonly file: string
  readonly value: unknown
  /** A problem at a path of the value; at the key itself with `onKey`. A path that leads nowhere ends at its last known part. */
  locate(
    path: DocumentPath,
    problem: Pick<BundleProblem, 'message' | 'expected' | 'suggestion'>,
    onKey?: boolean,
  ): BundleProblem
}

export type YamlResult =
  | { readonly source: YamlSource }
  | { readonly source: null; readonly problem: BundleProblem }

/** Parses YAML 1.2 without anchors, aliases and tags: what a person reads is what is meant. */
export function parseYaml(file: string, text: string): YamlResult {
  const at = (offset: number): Pick<BundleProblem, 'file' | 'line' | 'column'> => ({
    file,
    ...placeOf(text, offset),
  })
  const refuse = (offset: number, message: string, expected: string | null = null): YamlResult => ({
    source: null,
    problem: { ...at(offset), message, expected, suggestion: null },
  })
  if (text.length > LARGEST_FILE)
    return refuse(0, 'the file is too large', `at most ${LARGEST_FILE} characters`)
  try {
    const events = parseEvents(text, { maxDepth: DEEPEST_YAML })
    const odd = events.find((event) => anchorOf(event) >= 0 || tagOf(event) >= 0)
    if (odd !== undefined) {
      return anchorOf(odd) >= 0
        ? refuse(anchorOf(odd) - 1, 'anchors and aliases are not read', 'the value itself, written out')
        : refuse(tagOf(odd), 'tags are not read', 'a plain value')
    }
    const documents = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 })
    if (documents.length > 1)
      return refuse(text.length, 'not readable YAML: more than one document', 'one document a file')
    const [value] = documents
    return {
      source: {
        file,
        value,
        locate: (path, problem, onKey = false) => ({
          ...at(offsetOf(text, events, path, onKey)),
          ...problem,
        }),
      },
    }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const offset = error.mark?.position ?? 0
    return error.reason.startsWith('nesting exceeded')
      ? refuse(offset, 'nested too deep', `at most ${DEEPEST_YAML} levels`)
      : refuse(offset, `not readable YAML: ${error.reason}`)
  }
}

function placeOf(text: string, offset: number): Pick<BundleProblem, 'line' | 'column'> {
  const before = text.slice(0, Math.max(0, offset)).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function anchorOf(event: Event): number {
  return 'anchorStart' in event ? event.anchorStart : -1
}

function tagOf(event: Event): number {
  return 'tagStart' in event ? event.tagStart : -1
}

/** Walks the events along a path; the offset of where it ends, or of the last part it finds. */
function offsetOf(text: string, events: readonly Event[], path: DocumentPath, onKey: boolean): number {
  let here = 1
  let offset = startOf(events[here]) ?? 0
  for (const [depth, step] of path.entries()) {
    const found = childOf(text, events, here, step)
    if (found === null) return offset
    const onlyKey = onKey && depth === path.length - 1
    const value = events[found.value]
    // A scalar is pointed at itself, a group at the key that opens it.
    const place =
      found.key === null || (!onlyKey && value?.type === EVENT_ID.SCALAR)
        ? startOf(value)
        : startOf(events[found.key])
    offset = place ?? startOf(events[found.key ?? found.value]) ?? offset
    here = found.value
  }
  return offset
}

/** Where an event's text starts, quotes included; `null` for one that has none, such as an empty value. */
function startOf(event: Event | undefined): number | null {
  if (event?.type === EVENT_ID.SCALAR) {
    if (event.valueStart < 0) return null
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
    return quoted ? event.valueStart - 1 : event.valueStart
  }
  return event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE ? event.start : null
}

interface Child {
  /** Place of the key's event; `null` in a sequence. */
  readonly key: number | null
  readonly value: number
}

function childOf(
  text: string,
  events: readonly Event[],
  parent: number,
  step: string | number,
): Child | null {
  const type = events[parent]?.type
  if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return null
  let place = parent + 1
  for (let index = 0; events[place] !== undefined && events[place]?.type !== EVENT_ID.POP; index++) {
    if (type === EVENT_ID.SEQUENCE) {
      if (index === Number(step)) return { key: null, value: place }
    } else {
      const key = events[place]
      const value = after(events, place)
      if (key?.type === EVENT_ID.SCALAR && getScalarValue(text, key) === String(step))
        return { key: place, value }
      place = value
    }
    place = after(events, place)
  }
  return null
}

/** The place of the event behind a value and all that is in it. */
function after(events: readonly Event[], place: number): number {
  let depth = 0
  for (let next = place; next < events.length; next++) {
    const type = events[next]?.type
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1
    else if (type === EVENT_ID.POP) depth -= 1
    if (depth === 0) return next + 1
  }
  return events.length
}
