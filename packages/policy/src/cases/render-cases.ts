import type { RuleFinding } from './rule-health.ts'
import type { CaseReport, Disagreement } from './run-cases.ts'

const FINDINGS = {
  'never-fires': 'can never fire',
  'always-fires': 'has a condition that is always true',
  dead: 'changes no decision: other rules say the same',
  precaution: 'forbids what no rule permits',
} as const

/** For a terminal: what failed and how, then what the cases leave untested, then rules that do nothing. */
export function casesText(report: CaseReport, findings: readonly RuleFinding[]): string {
  const failed = report.results.filter(({ disagreements }) => disagreements.length > 0)
  const untested = report.clauses.filter(({ seenFalse, seenTrue }) => !seenFalse || !seenTrue)
  const covered = report.ruleCount - report.rulesNotCovered.length
  return [
    ...failed.flatMap(({ disagreements, id, title }) => [
      `✗ ${id}: ${title}`,
      ...disagreements.flatMap(disagreementText),
    ]),
    ...(report.rulesNotCovered.length === 0
      ? []
      : [`rules no case reaches: ${report.rulesNotCovered.join(', ')}`]),
    ...untested.map(
      ({ clause, rule, seenTrue }) => `never seen ${seenTrue ? 'false' : 'true'}: ${rule}: ${clause}`,
    ),
    ...findings.map(({ finding, rule }) => `${rule} ${FINDINGS[finding]}`),
    `${report.results.length - report.failed} of ${report.results.length} cases agree; ${covered} of ${report.ruleCount} rules and ${report.clauses.length - untested.length} of ${report.clauses.length} clauses covered`,
  ].join('\n')
}

/** What is missing with a minus, what is too much with a plus, as in any diff. */
function disagreementText({ about, actual, expected }: Disagreement): readonly string[] {
  if (about === 'decision') return [`    decision: expected ${expected.join()}, got ${actual.join(', ')}`]
  return [
    ...expected.filter((each) => !actual.includes(each)).map((each) => `    - ${about}: ${each}`),
    ...(about === 'hidden'
      ? []
      : actual.filter((each) => !expected.includes(each)).map((each) => `    + ${about}: ${each}`)),
  ]
}
