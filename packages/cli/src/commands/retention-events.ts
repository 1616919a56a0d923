import { asId, type Pseudonym } from '@varco/core'
import { isEventDay, tellEvent } from '@varco/retention'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { atDesk, byOption, refused } from './retention-command.ts'

interface EventOptions {
  readonly on?: string
  readonly withdraw?: true
  readonly by: string
}

/** What happened to a record and stands in none of its fields. */
export function registerRetentionEvents(retention: Command, run: Run): void {
  retention
    .command('event')
    .description(
      'tell that something happened to a record from which a rule’s term runs; told again it is corrected. Exit 1 if it may not be told',
    )
    .argument('<resource>', 'the kind of record')
    .argument('<key>', 'the record’s key')
    .argument('<event>', 'as the rule’s trigger calls it')
    .option('--on <date>', 'the day it happened, as 2026-11-25', readDay)
    .option('--withdraw', 'it did not happen after all')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention event portal_account A-17 account-closed --on 2026-11-25 --by URP-1',
    )
    .action((resource: string, key: string, event: string, options: EventOptions) =>
      run(eventWork({ resource, record: key, event }, options)),
    )
}

function readDay(value: string): string {
  if (!isEventDay(value)) throw new InvalidArgumentError('a day is written as 2026-11-25')
  return value
}

function eventWork(
  told: { readonly resource: string; readonly record: string; readonly event: string },
  { on, withdraw, by }: EventOptions,
): CommandWork {
  return async (context) => {
    if ((on === undefined) === (withdraw === undefined)) {
      context.output.problem('say the day with --on, or --withdraw')
      return 2
    }
    return atDesk(async (desk) => {
      const outcome = await tellEvent(desk, { ...told, on: on ?? null, by: asId<Pseudonym>(by) })
      if (!outcome.ok) return refused(context, outcome)
      const { id, resource, event } = outcome.event
      context.output.answer(
        { id, resource, event, on: outcome.event.on },
        on === undefined ? `the event ${event} is withdrawn` : `the event ${event} is noted, of ${on}`,
      )
      return 0
    })(context)
  }
}
