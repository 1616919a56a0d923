import { line, lines, type Lines, type LongRows, type ReportDocument } from '@varco/reports'
import type { Bundle } from '@varco/policy'
import type { ListedRecord, RetentionPlan } from '@varco/retention'
import {
  actionName,
  contactFacts,
  pageFrame,
  resourceTitle,
  retentionPage,
  ruleTitle,
} from './retention-page.ts'

/** The list an outside authority agrees to, in whole or in part (D.Lgs. 42/2004, art. 21). */
export function disposalListDocument(
  bundle: Bundle,
  plan: RetentionPlan,
  pages: () => AsyncIterable<readonly ListedRecord[]>,
): ReportDocument {
  const page = retentionPage(bundle)
  const { say, format } = page
  const total = plan.rules.reduce((sum, { records }) => sum + records, 0)
  return {
    ...pageFrame(page, plan.hash),
    title: say('Elenco di scarto', 'Disposal list'),
    subtitle: say(
      'Proposta di scarto sottoposta ad autorizzazione, articolo 21 del D.Lgs. 42/2004',
      'Proposal of disposal submitted for leave, article 21 of D.Lgs. 42/2004',
    ),
    facts: [
      { term: say('Piano', 'Plan'), lines: [line(plan.id, 'code'), line(format.date(plan.day))] },
      ...contactFacts(page),
    ],
    opening: [
      {
        kind: 'answer',
        text: say(
          'Si chiede l’autorizzazione per i record elencati. Quelli che l’autorizzazione non nomina restano.',
          'Leave is asked for the records listed. Those that it does not name stay.',
        ),
        figures: [{ value: format.number(total), label: say('record', 'records') }],
      },
    ],
    sections: [
      {
        id: 'tipologie',
        title: say('Tipologie', 'Kinds'),
        blocks: [
          {
            kind: 'table',
            caption: say('Per regola', 'By rule'),
            columns: [
              { title: say('Dati', 'Data'), share: 3 },
              { title: say('Azione e norma', 'Action and norm'), share: 5 },
              { title: say('Il più vecchio', 'The oldest'), share: 2 },
              { title: say('Record', 'Records'), share: 1, align: 'end' },
            ],
            rows: plan.rules.map(({ rule, resource, action, because, oldest, records }) => [
              [line(resourceTitle(page, resource)), line(ruleTitle(page, rule), 'muted')],
              [line(actionName(say, action)), line(because, 'muted')],
              lines(oldest === null ? '–' : format.date(oldest)),
              lines(format.number(records)),
            ]),
          },
        ],
      },
      {
        id: 'elenco',
        title: say('Elenco', 'List'),
        blocks: [
          {
            kind: 'table',
            caption: say('Record per record', 'Record by record'),
            columns: [
              { title: say('Dati', 'Data'), share: 3 },
              { title: say('Chiave', 'Key'), share: 3 },
              { title: say('Decorrenza', 'Term from'), share: 2 },
            ],
            rows: longRows(total, pages, ({ resource, key, from }) => [
              lines(resourceTitle(page, resource)),
              [line(key, 'code')],
              lines(from === null ? '–' : format.date(from)),
            ]),
          },
        ],
      },
    ],
  }
}

function longRows(
  length: number,
  pages: () => AsyncIterable<readonly ListedRecord[]>,
  row: (record: ListedRecord) => readonly Lines[],
): LongRows {
  return {
    length,
    async *[Symbol.asyncIterator]() {
      for await (const records of pages()) for (const record of records) yield row(record)
    },
  }
}
