import { line, lines, type Column, type Line, type Lines } from '../document/document.ts'
import type { Format } from '../document/format.ts'
import type { Say } from '../report/say.ts'
import type { ReportedAccess } from './report.ts'
import { actionOf } from '../report/wording.ts'

export function accessColumns(say: Say): readonly Column[] {
  return [
    { title: say('Quando', 'When'), share: 20 },
    { title: say('Chi', 'Who'), share: 24 },
    { title: say('Perché', 'Why'), share: 28 },
    { title: say('Che cosa', 'What'), share: 28 },
  ]
}

/** One access: when, who, why, what. */
export function accessRow(
  access: ReportedAccess,
  controller: string,
  say: Say,
  format: Format,
): readonly Lines[] {
  return [
    whenOf(access, say, format),
    whoOf(access, controller),
    whyOf(access, say),
    whatOf(access, say, format),
  ]
}

function whenOf(access: ReportedAccess, say: Say, format: Format): Lines {
  return [
    line(format.day(access.at), 'strong'),
    line(format.time(access.at)),
    line(actionOf(access.kind, access.action, say)),
    line(access.event, 'code'),
  ]
}

function whoOf(access: ReportedAccess, controller: string): Lines {
  return [
    line(access.company?.title ?? controller, 'strong'),
    ...lines(access.unit?.title, access.role?.title),
    ...(access.operator === null ? [] : [line(access.operator, 'code')]),
  ]
}

function whyOf(access: ReportedAccess, say: Say): Lines {
  const why =
    access.purpose?.plain ??
    (access.kind === 'report-made' || access.kind === 'log-read'
      ? say(
          'Per rispondere a una richiesta o controllare gli accessi.',
          'To answer a request or check the accesses.',
        )
      : say('Nessuna finalità indicata.', 'No purpose given.'))
  return [
    ...(access.purpose === null ? [] : [line(access.purpose.title, 'strong')]),
    line(why),
    ...(access.contract === null
      ? []
      : [line(`${say('In base a', 'Under')}: ${access.contract.reference}`, 'muted')]),
    ...(access.ticket === null ? [] : [line(`${say('Pratica', 'Ticket')} ${access.ticket}`, 'muted')]),
  ]
}

function whatOf(access: ReportedAccess, say: Say, format: Format): Lines {
  const byResource = Map.groupBy(access.records, (record) => record.resource.title)
  const records = [...byResource].flatMap(([title, group]): Line[] => [
    line(title, 'strong'),
    line(
      `${group.length === 1 ? say('scheda', 'record') : say('schede', 'records')} ${group.map((record) => record.key).join(', ')}`,
    ),
  ])
  const names = (fields: ReportedAccess['plain']) => format.all(fields.map((field) => field.title))
  return [
    ...(records.length === 0 && access.resource !== null ? [line(access.resource.title, 'strong')] : records),
    ...(access.plain.length === 0 ? [] : [line(`${say('In chiaro', 'In plain')}: ${names(access.plain)}`)]),
    ...(access.masked.length === 0 ? [] : [line(`${say('Mascherati', 'Masked')}: ${names(access.masked)}`)]),
  ]
}
