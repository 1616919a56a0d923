import { microsToIso } from '@varco/core'
import { line, lines, type ReportDocument } from '@varco/reports'
import type { Bundle } from '@varco/policy'
import type { RetentionPlan } from '@varco/retention'
import {
  approvalsTable,
  contactFacts,
  pageFrame,
  resourceTitle,
  retentionPage,
  ruleTitle,
} from './retention-page.ts'

/** The minutes of a plan's approval: what was proposed, what was agreed to, by whom and in which letter. */
export function minutesDocument(bundle: Bundle, plan: RetentionPlan): ReportDocument {
  const page = retentionPage(bundle)
  const { say, format } = page
  const proposed = plan.rules.reduce((sum, { records }) => sum + records, 0)
  const agreed = plan.rules.reduce((sum, { records, authorised }) => sum + (authorised ?? records), 0)
  return {
    ...pageFrame(page, plan.hash),
    title: say('Verbale di scarto', 'Minutes of disposal'),
    subtitle: say('Approvazione di un piano', 'Approval of a plan'),
    facts: [
      { term: say('Piano', 'Plan'), lines: [line(plan.id, 'code'), line(format.date(plan.day))] },
      {
        term: say('Fatto da', 'Made by'),
        lines: [line(plan.plannedBy, 'code'), line(format.instant(microsToIso(plan.plannedAt)))],
      },
      { term: say('Regole in vigore', 'Rules in force'), lines: [line(plan.policyVersion, 'code')] },
      ...contactFacts(page),
    ],
    opening: [
      {
        kind: 'answer',
        text: say(
          'Lo scarto riguarda solo i record su cui tutti hanno concordato; gli altri restano.',
          'Only the records to which all agreed are disposed of; the others stay.',
        ),
        figures: [
          { value: format.number(proposed), label: say('proposti', 'proposed') },
          { value: format.number(agreed), label: say('approvati', 'agreed to') },
        ],
      },
    ],
    sections: [
      {
        id: 'approvazioni',
        title: say('Approvazioni', 'Approvals'),
        blocks: [approvalsTable(page, isoOf(plan))],
      },
      {
        id: 'regole',
        title: say('Che cosa', 'What'),
        blocks: [
          {
            kind: 'table',
            caption: say('Per regola', 'By rule'),
            columns: [
              { title: say('Dati', 'Data'), share: 3 },
              { title: say('Norma', 'Norm'), share: 5 },
              { title: say('Proposti', 'Proposed'), share: 1, align: 'end' },
              { title: say('Approvati', 'Agreed to'), share: 1, align: 'end' },
            ],
            rows: plan.rules.map(({ rule, resource, because, records, authorised }) => [
              [line(resourceTitle(page, resource)), line(ruleTitle(page, rule), 'muted')],
              lines(because),
              lines(format.number(records)),
              lines(format.number(authorised ?? records)),
            ]),
          },
        ],
      },
    ],
  }
}

function isoOf({ approvals }: RetentionPlan): Parameters<typeof approvalsTable>[1] {
  return approvals.map((approval) => ({ ...approval, at: microsToIso(approval.at) }))
}
