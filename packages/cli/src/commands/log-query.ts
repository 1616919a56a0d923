import { EVENT_KINDS, type EventKind, type EventQuery } from '@varco/access-log'
import type { DataSubjectRef } from '@varco/core'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { endOf, readMoment, startOf, type Moment } from './report-options.ts'

/** What every command that asks the log takes. */
export interface LogQueryOptions {
  readonly by: string
  readonly subject?: DataSubjectRef
  readonly record?: { readonly resource: string; readonly key: string }
  readonly from?: Moment
  readonly to?: Moment
  readonly kind?: EventKind
  readonly operator?: string
  readonly contract?: string
  readonly purpose?: string
  readonly ticket?: string
  readonly decision?: 'permit' | 'deny'
  readonly field?: string
}

export function withLogQuery(command: Command): Command {
  return command
    .requiredOption('--by <pseudonym>', 'who asks; it goes into the log')
    .option('--subject <kind:key>', 'whose records were shown, such as producer:P-17', readSubject)
    .option('--record <resource:key>', 'which record was shown, such as invoice:1700', readRecord)
    .option('--from <time>', 'a day, or an instant', readMoment)
    .option('--to <time>', 'a day, inclusive, or an instant', readMoment)
    .addOption(new Option('--kind <kind>', 'access, or an administrative act').choices(EVENT_KINDS))
    .option('--operator <pseudonym>', 'who looked')
    .option('--contract <id>', 'under which contract')
    .option('--purpose <id>', 'for which purpose')
    .option('--ticket <id>', 'for which ticket')
    .addOption(new Option('--decision <decision>', 'permitted or denied').choices(['permit', 'deny']))
    .option('--field <name>', 'which field was shown')
}

export function readSubject(value: string): DataSubjectRef {
  const [kind, id] = halves(value, 'a person is written kind:key, such as producer:P-17')
  return { kind, id }
}

function readRecord(value: string): { resource: string; key: string } {
  const [resource, key] = halves(value, 'a record is written resource:key, such as invoice:1700')
  return { resource, key }
}

function halves(value: string, complaint: string): [string, string] {
  const at = value.indexOf(':')
  if (at < 1 || at === value.length - 1) throw new InvalidArgumentError(complaint)
  return [value.slice(0, at), value.slice(at + 1)]
}

const SAME_NAME = [
  'kind',
  'operator',
  'contract',
  'purpose',
  'ticket',
  'decision',
  'field',
  'record',
] as const

/** The query, days taken as days of the body's time zone. */
export function queryOf(options: LogQueryOptions, timeZone: string): Omit<EventQuery, 'after' | 'limit'> {
  const same = Object.fromEntries(
    SAME_NAME.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  )
  return {
    ...(same as Pick<EventQuery, (typeof SAME_NAME)[number]>),
    ...(options.subject === undefined ? {} : { dataSubject: options.subject }),
    ...(options.from === undefined ? {} : { from: startOf(options.from, timeZone) }),
    ...(options.to === undefined ? {} : { to: endOf(options.to, timeZone) }),
  }
}
