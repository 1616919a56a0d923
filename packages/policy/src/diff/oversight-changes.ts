import type { Bundle } from '../bundle/bundle.ts'
import { oversightSettings, type OversightDocument } from '../bundle/oversight-schema.ts'
import { textOf } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * The watch, made to look away: nobody sees more by it, but whoever sees too much is noticed later or not at all. What is
 * not surely stricter counts as looser.
 */
export function oversightChanges(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const [was, is] = [oversightSettings(before), oversightSettings(after)]
  return [...alertChanges(was, is), ...settings(was, is)]
}

type Alert = Readonly<Record<string, unknown>>

/** Figures that let more pass the higher, or the lower, they are. */
const LOOSER_HIGHER: ReadonlySet<string> = new Set([
  'at_least',
  'tolerance_minutes',
  'times_the_median',
  'municipalities_at_least',
])
const LOOSER_LOWER: ReadonlySet<string> = new Set(['within_days', 'within_minutes', 'chance_at_most'])

function alertChanges(was: OversightDocument, is: OversightDocument): readonly StructuralChange[] {
  const alerts: Readonly<Record<string, Alert>> = is.alerts
  return Object.entries<Alert>(was.alerts).flatMap(([name, from]) => {
    const to = alerts[name] ?? {}
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      change(`${name}, ${key}`, from[key], to[key], isLooser(key, from[key], to[key])),
    )
  })
}

function isLooser(key: string, from: unknown, to: unknown): boolean {
  if (typeof from === 'number' && typeof to === 'number')
    return LOOSER_HIGHER.has(key) ? to > from : LOOSER_LOWER.has(key) ? to < from : true
  if (key === 'enabled') return to !== true
  return key === 'explained_by' ? hasMore(from, to) : true
}

function settings(was: OversightDocument, is: OversightDocument): readonly StructuralChange[] {
  return [
    ...change('working hours', was.working_hours, is.working_hours, true),
    ...change(
      'roles expected to look',
      was.expected_roles,
      is.expected_roles,
      hasMore(was.expected_roles, is.expected_roles),
    ),
    ...[...new Set([...Object.keys(was.people), ...Object.keys(is.people)])].flatMap((kind) =>
      // A kind of people that was not compared before is watched more, not less.
      change(`compared of ${kind}`, was.people[kind], is.people[kind], Object.hasOwn(was.people, kind)),
    ),
    // What a contractor is paid for, and for how many.
    ...change('days of an episode', was.episode_days, is.episode_days, true),
    ...change('ticket prices', was.ticket_prices, is.ticket_prices, true),
  ]
}

function hasMore(from: unknown, to: unknown): boolean {
  return !Array.isArray(from) || !Array.isArray(to) || to.some((each) => !from.includes(each))
}

function change(name: string, from: unknown, to: unknown, widens: boolean): readonly StructuralChange[] {
  const [was, is] = [textOf(from), textOf(to)]
  return was === is ? [] : [{ about: 'alert', name, from: was, to: is, widens }]
}
