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
import { canonicalDecimal } from '../condition/decimal.ts'
import { UNSEEN } from '../condition/unseen.ts'
import type { DocumentPath } from './problem-list.ts'
import type { BundleProblem } from './problem.ts'

/** A file of more bytes than this is refused unread. */
export const LARGEST_FILE = 5_000_000
/** Keys and values: as many as stand in the largest file of rules. More would be told to be wrong for minutes. */
const MOST_VALUES = 600_000
/** Deeper than anything the schemas describe. */
export const DEEPEST_YAML = 40

/** One parsed file: where in the text each part of its value stands. It does not hold on to the value. */
export interface YamlSource {
  readonly file: string
  /** A problem at a path of the value; at the key itself with `onKey`. A path that leads nowhere ends at its last known part. */
  locate(
    path: DocumentPath,
    problem: Pick<BundleProblem, 'message' | 'expected' | 'suggestion'>,
    onKey?: boolean,
  ): BundleProblem
}

export type YamlResult =
  | { readonly source: YamlSource; readonly value: unknown }
  | { readonly source: null; readonly problem: BundleProblem }

/** Parses YAML 1.2 without anchors, aliases and tags: what a person reads is what is meant. */
export function parseYaml(file: string, text: string): YamlResult {
  const at = (offset: number): Pick<BundleProblem, 'file' | 'line' | 'column'> => ({
    file,
    ...placeOf(text, offset),
  })
  const refuse = ({ offset, message, expected }: Refused): YamlResult => ({
    source: null,
    problem: { ...at(offset), message, expected: expected ?? null, suggestion: null },
  })
  if (text.length > LARGEST_FILE) return { source: null, problem: tooLarge(file) }
  const unseen = unseenIn(text, text.startsWith(BYTE_ORDER_MARK) ? 1 : 0)
  if (unseen !== null) return refuse({ offset: unseen, ...HIDDEN_CHARACTER })
  try {
    const events = eventsOf(text)
    if (events.length > MOST_VALUES)
      return refuse({
        offset: 0,
        message: 'the file holds too many values',
        expected: `at most ${MOST_VALUES}, keys included`,
      })
    const refused = refusedIn(text, events)
    if (refused !== null) return refuse(refused)
    const documents = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 })
    if (documents.length > 1)
      return refuse({
        offset: text.length,
        message: 'not readable YAML: more than one document',
        expected: 'one document a file',
      })
    const [value] = documents
    // Read anew when a place is asked for, which is seldom: kept, the events of a large bundle are most of its memory.
    let again: readonly Event[] | null = null
    return {
      value,
      source: {
        file,
        locate: (path, problem, onKey = false) => {
          again ??= eventsOf(text)
          return { ...at(offsetOf(text, again, path, onKey)), ...problem }
        },
      },
    }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const offset = error.mark?.position ?? 0
    return error.reason.startsWith('nesting exceeded')
      ? refuse({ offset, message: 'nested too deep', expected: `at most ${DEEPEST_YAML} levels` })
      : refuse({ offset, message: `not readable YAML: ${error.reason}` })
  }
}

/** Told before the file is read. */
export function tooLarge(file: string): BundleProblem {
  const place = { file, line: 1, column: 1 }
  return {
    ...place,
    message: 'the file is too large',
    expected: `at most ${LARGEST_FILE} bytes`,
    suggestion: null,
  }
}

function eventsOf(text: string): Event[] {
  return parseEvents(text, { maxDepth: DEEPEST_YAML })
}

interface Refused {
  readonly offset: number
  readonly message: string
  readonly expected?: string
}

/** The first thing in a file that reads otherwise than it is meant, or that no schema would see. */
function refusedIn(text: string, events: readonly Event[]): Refused | null {
  // Only an escape, or the name itself, can make them: most files have neither, and their scalars are not read twice.
  const mayHide = /\\|__proto__/.test(text)
  for (const event of events) {
    if (anchorOf(event) >= 0)
      return {
        offset: anchorOf(event) - 1,
        message: 'anchors and aliases are not read',
        expected: 'the value itself, written out',
      }
    if (tagOf(event) >= 0)
      return { offset: tagOf(event), message: 'tags are not read', expected: 'a plain value' }
    if (event.type !== EVENT_ID.SCALAR) continue
    const refused = refusedScalar(text, event, mayHide)
    if (refused !== null) return { offset: startOf(event) ?? 0, ...refused }
  }
  return null
}

/** Most of a large bundle is ASCII, and told so in a tenth of the time. */
const MAY_BE_UNSEEN = /[^\t\n\r -~]/
const BYTE_ORDER_MARK = '\ufeff'
const HIDDEN_CHARACTER = {
  message: 'a character that cannot be seen',
  expected: 'a text that reads as it compares',
} as const

/** Where the first character stands that a reader would not see, in comments too. */
function unseenIn(text: string, from = 0): number | null {
  if (!MAY_BE_UNSEEN.test(text)) return null
  UNSEEN.lastIndex = from
  const found = UNSEEN.exec(text)?.index ?? null
  UNSEEN.lastIndex = 0
  return found
}

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>

function refusedScalar(text: string, event: Scalar, mayHide: boolean): Omit<Refused, 'offset'> | null {
  if (mayHide) {
    const value = getScalarValue(text, event)
    // Only an escape leaves a carriage return in a value: on a terminal what follows it hides what came before.
    if (unseenIn(value) !== null || value.includes('\r')) return HIDDEN_CHARACTER
    if (!value.isWellFormed())
      return { message: 'half a character (a lone surrogate)', expected: 'whole characters' }
    // Schemas pass over it without a word, and a condition would lose a clause.
    if (value === '__proto__') return { message: 'unknown key "__proto__"', expected: 'another name' }
  }
  return event.style === SCALAR_STYLE.PLAIN && event.valueEnd - event.valueStart > DOUBLE_DIGITS
    ? refusedNumber(text.slice(event.valueStart, event.valueEnd))
    : null
}

/** So many digits come through a double as they were written. */
const DOUBLE_DIGITS = 15
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/

function refusedNumber(written: string): Omit<Refused, 'offset'> | null {
  if (!NUMBER.test(written)) return null
  const exact = canonicalDecimal(written)
  return exact !== null && exact === canonicalDecimal(String(Number(written)))
    ? null
    : { message: 'the number has more digits than are kept', expected: 'the number in quotes' }
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
