import { randomUUID } from 'node:crypto'
import { eraseDataSubject, heartbeat } from '@varco/access-log'
import { type DataSubjectRef, mayBeSamePerson } from '@varco/core'
import { openRetentionStore } from '@varco/postgres'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { COMMAND_WRITER } from '../compose/command-log.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { unlessDataSubjectHeld } from '../compose/held-months.ts'
import { openServices } from '../compose/services.ts'
import { readSubject } from './log-query.ts'
import { readPseudonym } from './report-options.ts'

interface EraseOptions {
  readonly subject: DataSubjectRef
  readonly reason: string
  readonly by: string
  readonly approver: string
}

const MIN_REASON_CHARS = 10

export function registerLogErase(log: Command, run: Run): void {
  log
    .command('erase')
    .description(
      'makes the log forget whose records its events showed (GDPR Art. 17); events and proofs remain, and the erasure is one of them',
    )
    .requiredOption('--subject <kind:key>', 'the data subject, such as producer:P-17', readSubject)
    .requiredOption('--reason <text>', 'the request or the norm, at least ten characters; nothing personal')
    .requiredOption('--by <pseudonym>', 'who erases; it goes into the log', readPseudonym)
    .requiredOption('--approver <pseudonym>', 'the second person', readPseudonym)
    .addHelpText(
      'after',
      '\nExample:\n  $ varco log erase --subject producer:P-17 --reason "GDPR Art. 17, request RQ-2026-000012" --by ADM-1 --approver DPO-1',
    )
    .action((options: EraseOptions) => run(eraseWork(options)))
}

function eraseWork({ subject: dataSubject, reason, by, approver }: EraseOptions): CommandWork {
  return async ({ config, output }) => {
    if (mayBeSamePerson(by, approver)) {
      output.problem('nobody approves their own erasure: --by and --approver must be two people')
      return 2
    }
    if (reason.trim().length < MIN_REASON_CHARS || reason.includes(dataSubject.id)) {
      output.problem('a reason has at least ten characters, and not the key of the data subject')
      return 2
    }
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const { logStore: store, keys, clock, anchors, reader, databases } = services
    const retention = openRetentionStore(databases.state)
    const erasure = await unlessDataSubjectHeld(reader, retention, dataSubject, (minded, held) =>
      eraseDataSubject({
        ...{ store, reading: store, keys: keys.log, clock, anchors, writer: COMMAND_WRITER, minded, held },
        ...{ dataSubject, requestId: randomUUID(), operator: by, approver, reason: reason.trim() },
      }),
    )
    if (erasure === null) {
      output.problem('nothing was erased: a legal hold covers the data subject or one of their records')
      return 1
    }
    const { rows, events, putOff } = erasure
    await heartbeat({ store, reading: store, keys: keys.log, clock, anchors, newRequestId: randomUUID })
    output.answer(
      { rows, events: [...events], putOff },
      [
        ...(rows > 0 ? [`${rows} disclosures forgotten; ${events.join(', ')} accounts for them`] : []),
        ...(putOff > 0
          ? [`${putOff} events stay that also show what a legal hold covers: erase again when it is released`]
          : []),
        ...(rows + putOff === 0 ? ['the log shows nothing of this data subject'] : []),
      ].join('\n'),
    )
    return 0
  }
}
