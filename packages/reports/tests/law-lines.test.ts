import type { Report } from '@varco/reports'
import { beforeAll, expect, test } from 'vitest'
import { KINDS } from './every-kind.ts'

/**
 * Where each rule is answered. A path leads to a value that says something, in one at least of a list's items (`[]`), in the
 * report of a body that has an instance of everything.
 */
const LAW: readonly (readonly [rule: string, kind: keyof typeof KINDS, ...paths: readonly string[]])[] = [
  ['GDPR Art. 15(1): confirmation', 'subject report', 'confirmation.text'],
  [
    'Art. 15(1)(a): purposes',
    'subject report',
    'purposes[].plain',
    'purposes[].legal_basis',
    'purposes[].norm',
  ],
  [
    'Art. 15(1)(b): categories',
    'subject report',
    'archives[].categories[].title',
    'purposes[].categories[].title',
  ],
  ['Art. 15(1)(c): recipients', 'subject report', 'recipients[].company.title', 'recipients[].contact.email'],
  [
    'Art. 15(1)(d): retention or its criteria',
    'subject report',
    'archives[].retention[].after',
    'archives[].retention[].because',
  ],
  ['Art. 15(1)(e): rights', 'subject report', 'rights[].article', 'rights[].text'],
  ['Art. 15(1)(f): complaint', 'subject report', 'complaint', 'controller.supervisor.name'],
  ['Art. 15(1)(g): source', 'subject report', 'archives[].origin'],
  ['Art. 15(1)(h): automated decisions', 'subject report', 'automated_decisions'],
  [
    'Art. 15(2): safeguards of transfers',
    'subject report',
    'transfers.text',
    'transfers.outside[].safeguard',
  ],
  ['Art. 15(3): copy of the data', 'subject report', 'copy[].records[].values[]', 'copy[].fields[].title'],
  ['Art. 15(4): third parties left out', 'subject report', 'copy[].records[].values[].withheld'],
  ['Art. 10: judicial data are marked', 'subject report', 'archives[].categories[].judicial'],
  [
    'C-154/21: each contractor and sub-processor by name, with dates',
    'subject report',
    'recipients[].contracts[].from',
    'recipients[].contracts[].to',
    'recipients[].sub_processors[].name',
    'recipients[].sub_processors[].from',
  ],
  [
    'C-579/21: date and time, purpose, company and unit, a pseudonym',
    'subject report',
    'accesses[].at',
    'accesses[].purpose.plain',
    'accesses[].company.title',
    'accesses[].unit.title',
    'accesses[].operator',
  ],
  [
    'C-579/21: fields, ticket, kind of operation',
    'subject report',
    'accesses[].plain[].title',
    'accesses[].masked[].title',
    'accesses[].ticket',
    'accesses[].action',
  ],
  [
    'C-579/21: an identity by a recorded balancing alone',
    'subject report',
    'identities[].balancing.reason',
    'identities[].balancing.requested_by',
    'identities[].balancing.approved_by',
    'identities[].balancing.proof.body',
  ],
  [
    'Art. 5(2): each access can be proved',
    'subject report',
    'accesses[].proof.body',
    'accesses[].proof.path[]',
    'checkpoints[]',
    'made.proof.body',
  ],
  [
    'since when the log can answer, and how long it may',
    'subject report',
    'log.since',
    'log.retention.floor',
    'log.retention.ceiling',
    'log.retention.because',
  ],
  [
    'Art. 30(1)(a): controller, DPO',
    'processing register',
    'controller.name',
    'controller.contact.email',
    'controller.dpo.email',
  ],
  [
    'Art. 30(1)(b): purposes',
    'processing register',
    'activities[].purpose.plain',
    'activities[].legal_basis',
  ],
  [
    'Art. 30(1)(c): data subjects and categories',
    'processing register',
    'activities[].data_subjects[].title',
    'activities[].categories[].title',
  ],
  ['Art. 30(1)(d): recipients', 'processing register', 'activities[].recipients[].company.title'],
  [
    'Art. 30(1)(e): transfers and their safeguards',
    'processing register',
    'transfers[].country',
    'transfers[].safeguard',
  ],
  ['Art. 30(1)(f): limits for erasure', 'processing register', 'activities[].retention[].after'],
  ['Art. 30(1)(g): security', 'processing register', 'security[].text'],
  [
    'Art. 30(2)(a): processors and their contacts',
    'processing register',
    'processors[].company.title',
    'processors[].contact.email',
  ],
  [
    'Art. 30(2)(b): what each does for the controller',
    'processing register',
    'processors[].contracts[].activities[].title',
  ],
  [
    'Art. 30(1)(d), (2)(a): since when and until when, under which contract',
    'processing register',
    'activities[].recipients[].from',
    'activities[].recipients[].clause',
    'processors[].contracts[].reference',
    'processors[].contracts[].to',
  ],
  [
    'Art. 30(2)(c), (d): transfers of processors; what protects the data, which is the body’s for all',
    'processing register',
    'processors[].country',
    'processors[].sub_processors[].country',
    'transfers[].recipient',
    'security[].title',
  ],
  [
    'Art. 30(4): as it was, and what changed since',
    'processing register',
    'as_of',
    'changes.since.as_of',
    'changes.items[].about',
  ],
  [
    'Art. 28(3)(a): the annex, and what is outside it',
    'scope drift report',
    'contract.reference',
    'purposes[].contracted',
    'purposes[].clause',
    'purposes[].accesses',
    'purposes[].first_seen',
    'purposes[].evidence[]',
    'outside',
    'declared.purposes[].hours',
  ],
  ['Art. 28(2), (4): sub-processors', 'processing register', 'processors[].sub_processors[].name'],
  ['Art. 28(3)(g): end of a contract', 'processing register', 'processors[].contracts[].exit.delete_within'],
  ['Art. 33(1): 72 hours', 'breach scope', 'incident.aware_at', 'incident.notify_by'],
  [
    'Art. 33(3)(a): nature, data subjects and records, how many',
    'breach scope',
    'notification.nature',
    'figures.data_subjects',
    'figures.records',
    'by_category[].title',
    'by_kind[].data_subjects',
  ],
  [
    'Art. 33(1): who, which contract, token, node or window',
    'breach scope',
    'scope.from',
    'scope.to',
    'by_operator[].operator',
    'by_day[].accesses',
  ],
  ['Art. 33(3)(b): contact point', 'breach scope', 'notification.contact'],
  ['Art. 33(3)(c): likely consequences', 'breach scope', 'notification.consequences'],
  [
    'Art. 33(5): facts, effects and what was done are kept',
    'breach scope',
    'incident.reference',
    'incident.description',
    'made.event',
  ],
  ['Art. 33(3)(d): measures', 'breach scope', 'notification.measures'],
  [
    'Art. 34: whether data were seen in plain',
    'breach scope',
    'by_category[].in_plain',
    'by_resource[].plain[].title',
    'by_resource[].masked[].title',
  ],
  [
    'Art. 28(3)(g): return or deletion, by whom declared',
    'exit certificate',
    'choice.kind.title',
    'declarations[].document',
    'declarations[].signed_on',
    'copies[].end.how.title',
    'due',
  ],
  [
    'Garante 192/2011: yearly audit, alerts, at least 24 months',
    'audit report',
    'period.from',
    'integrity.events',
    'alerts.raised',
    'retention.floor',
    'retention.because',
  ],
  [
    'Garante 27.11.2008: complete, unalterable, verifiable',
    'audit report',
    'integrity.whole',
    'integrity.trees[].root',
    'integrity.trees[].witnessed',
  ],
  [
    'Garante 192/2011, 4.4: what was done with the log, by month and company',
    'audit report',
    'accesses.counted.from',
    'accesses.by_month[].month',
    'accesses.by_company[].company.title',
    'acts[].at',
    'acts[].by',
    'acts[].kind.title',
  ],
  ['Garante 27.11.2008: since when, and whether months are due to go', 'audit report', 'retention.oldest'],
  ['CNIL: a ceiling too, with its reason', 'audit report', 'retention.ceiling', 'retention.overdue'],
  [
    'L. 300/1970 art. 4: under which agreement workers are recorded',
    'audit report',
    'workers_agreements[].agreement.with',
    'workers_agreements[].agreement.signed',
    'workers_agreements[].agreement.reference',
  ],
  [
    'Art. 5(1)(a), transparency: how much, by which company, for what; few people held back',
    'transparency report',
    'period.from',
    'by_month.rows[].permitted',
    'by_purpose.companies[].title',
    'by_purpose.rows[].purpose.plain',
    'by_purpose.rows[].accesses[]',
    'subject_reports',
    'threshold',
    'log.since',
  ],
]

/** An item of a list, wherever in it, that says which. */
test.each([
  [
    'L. 300/1970 art. 4: openings of identities are told one by one',
    'audit report',
    'acts[].kind.id',
    'identity-opened',
  ],
  ['Art. 10: judicial data are named as such', 'breach scope', 'by_category[].judicial', true],
  ['Art. 28(3)(a): work that no clause covers', 'scope drift report', 'purposes[].contracted', false],
] as const)('%s: in the %s', (_rule, kind, path, value) => {
  expect(valuesAt(reports.get(kind), path)).toContain(value)
})

function valuesAt(value: unknown, path: string): unknown[] {
  const [step = '', ...rest] = path.split('.')
  if (step === '') return [value]
  const list = step.endsWith('[]')
  const inner = (value as Record<string, unknown> | null)?.[list ? step.slice(0, -2) : step]
  return (list ? (Array.isArray(inner) ? (inner as unknown[]) : []) : [inner]).flatMap((item) =>
    rest.length === 0 ? [item] : valuesAt(item, rest.join('.')),
  )
}

const says = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

const reports = new Map<string, Report>()
beforeAll(async () => {
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) reports.set(kind, await KINDS[kind]('it'))
})

test.each(LAW)('%s: in the %s', (_rule, kind, ...paths) => {
  const silent = paths.filter((path) => !valuesAt(reports.get(kind), path).some(says))
  expect(silent).toEqual([])
})

test('a field that is not there is silent', () => {
  expect(valuesAt(reports.get('subject report'), 'recipients[].nothing').some(says)).toBe(false)
  expect(valuesAt(reports.get('subject report'), 'nothing[].at').some(says)).toBe(false)
})
