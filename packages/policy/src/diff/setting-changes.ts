import type { Bundle } from '../bundle/bundle.ts'
import { mayBeLonger } from '../bundle/may-be-longer.ts'
import type { BundleDocument, WorkersAgreement } from '../bundle/schema.ts'
import { workersAgreementOf } from '../bundle/workers-agreement.ts'
import { NOTHING } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * Settings under which people get further without any rule: how many data subjects one may look up, who may grant and for
 * how long, who may break the glass, who may ask about others, which records raise an alarm, who moves contracts, when a
 * day begins, how long the log and copies are kept, which fields are judicial or about others too.
 */
export function settingChanges(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return [
    ...budgets(before, after),
    ...grants(before.document, after.document),
    ...sets(before.document, after.document),
    ...terms(before.document, after.document),
    ...agreements(before.document, after.document),
    ...fields(before, after),
  ]
}

type About = StructuralChange['about']

function change(
  about: About,
  name: string,
  from: string,
  to: string,
  widens: boolean,
): readonly StructuralChange[] {
  return from === to ? [] : [{ about, name, from, to, widens }]
}

/** A figure that lets more through the higher it is; absent, nothing holds back. */
function ceiling(about: About, name: string, from: number | undefined, to: number | undefined) {
  const text = (figure: number | undefined): string => (figure === undefined ? 'no limit' : String(figure))
  return change(about, name, text(from), text(to), (to ?? Infinity) > (from ?? Infinity))
}

type Budget = NonNullable<BundleDocument['varco']['budgets']>['operator'] | undefined

/** Of the body's own staff, and of each contract that both bundles know: what is in force for it, wherever it is said. */
function budgets(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const own = ({ document }: Bundle): Budget => document.varco.budgets?.operator
  const known = [...before.contracts.keys()].filter((id) => after.contracts.has(id))
  const budget = (name: string, from: Budget, to: Budget): readonly StructuralChange[] => [
    ...ceiling(
      'budget',
      `${name}, data subjects an hour`,
      from?.data_subjects_per_hour,
      to?.data_subjects_per_hour,
    ),
    ...ceiling(
      'budget',
      `${name}, data subjects a day`,
      from?.data_subjects_per_day,
      to?.data_subjects_per_day,
    ),
  ]
  return [
    ...budget('own staff', own(before), own(after)),
    ...known.flatMap((id) => {
      const [was, is] = [before, after].map((bundle) => bundle.contracts.get(id)?.document.budgets)
      return [
        ...budget(`operators of ${id}`, was?.operator ?? own(before), is?.operator ?? own(after)),
        ...budget(`contract ${id}`, was?.contract, is?.contract),
      ]
    }),
  ]
}

function grants({ varco: was }: BundleDocument, { varco: is }: BundleDocument): readonly StructuralChange[] {
  const minutes = (
    name: string,
    from: number | undefined,
    to: number | undefined,
  ): readonly StructuralChange[] =>
    from === undefined || to === undefined ? [] : ceiling('grants', name, from, to)
  const [before, after] = [was.grants?.break_glass, is.grants?.break_glass]
  return [
    ...minutes('minutes a grant lasts', was.grants?.longest_minutes, is.grants?.longest_minutes),
    ...minutes('minutes of broken glass', before?.longest_minutes, after?.longest_minutes),
    ...(before === undefined || after === undefined
      ? []
      : change('grants', 'review of broken glass', before.review_within, after.review_within, true)),
  ]
}

/** Names that open something: whatever was not there before widens. */
function sets(before: BundleDocument, after: BundleDocument): readonly StructuralChange[] {
  const opening = (about: About, name: string, of: (document: BundleDocument) => readonly string[]) => {
    const [was, is] = [of(before).toSorted(), of(after).toSorted()]
    const text = (names: readonly string[]): string => (names.length === 0 ? NOTHING : names.join(', '))
    return change(
      about,
      name,
      text(was),
      text(is),
      is.some((each) => !was.includes(each)),
    )
  }
  const resources = before.catalogue
    .map(({ resource }) => resource)
    .filter((name) => after.catalogue.some(({ resource }) => resource === name))
  const file = (document: BundleDocument, name: string) =>
    document.catalogue.find(({ resource }) => resource === name)
  return [
    ...opening('grants', 'who approves', ({ varco }) => varco.grants?.approver_roles ?? []),
    ...opening('grants', 'who breaks the glass', ({ varco }) => varco.grants?.break_glass?.roles ?? []),
    ...opening('role', 'who asks for others', ({ varco }) =>
      Object.entries(varco.roles).flatMap(([role, { asks_for_others }]) =>
        asks_for_others === true ? [role] : [],
      ),
    ),
    ...opening('role', 'who moves contracts', ({ varco }) => varco.contract_management?.roles ?? []),
    ...resources.flatMap((name) => [
      ...opening('grants', `whose unit grants ${name}`, (document) =>
        [file(document, name)?.owner ?? []].flat(),
      ),
      ...alarms(name, file(before, name)?.canaries ?? [], file(after, name)?.canaries ?? []),
    ]),
  ]
}

/** A day that begins elsewhere moves what rules say of today; evidence that goes sooner was not seen by as many. */
function terms({ varco: was }: BundleDocument, { varco: is }: BundleDocument): readonly StructuralChange[] {
  const [kept, keep] = [was.copies?.keep, is.copies?.keep]
  const longer = kept !== undefined && (keep === undefined || mayBeLonger(keep, kept))
  return [
    ...change('calendar', 'time zone', was.time_zone, is.time_zone, true),
    ...(['floor', 'ceiling'] as const).flatMap((term) =>
      change('log', term, was.log[term], is.log[term], mayBeLonger(was.log[term], is.log[term])),
    ),
    ...change('copies', 'kept', kept ?? 'no limit', keep ?? 'no limit', longer),
  ]
}

/** What allows a record of workers' accesses, employer by employer: taken away, it is kept without leave. */
function agreements(before: BundleDocument, after: BundleDocument): readonly StructuralChange[] {
  const text = (agreement: WorkersAgreement | undefined): string =>
    agreement === undefined
      ? NOTHING
      : [
          `${agreement.kind} with ${agreement.with}`,
          agreement.signed,
          agreement.reference,
          ...(agreement.sha256 === undefined ? [] : [agreement.sha256]),
        ].join(', ')
  const known = before.processors
    .map(({ processor }) => processor)
    .filter((name) => after.processors.some(({ processor }) => processor === name))
  return [null, ...known].flatMap((employer) => {
    const [was, is] = [before, after].map((document) => workersAgreementOf(document, employer))
    return change(
      'workers',
      `agreement of ${employer ?? 'the controller'}`,
      text(was),
      text(is),
      was !== undefined && is === undefined,
    )
  })
}

/** What the catalogue says of a field beside its type: whether it is judicial (GDPR Art. 10), or withheld from the copies of others (Art. 15(4)). */
function fields(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return [...before.resources].flatMap(([resource, { document: was }]) => {
    const is = after.resources.get(resource)?.document
    if (is === undefined) return []
    return Object.entries(was.fields).flatMap(([name, from]) => {
      const to = Object.hasOwn(is.fields, name) ? is.fields[name] : undefined
      if (to === undefined) return []
      const [judicial, stays] = [isJudicial(before, from.category), isJudicial(after, to.category)]
      const text = (category: string, marked: boolean): string => `${category}${marked ? ', judicial' : ''}`
      const [withheld, still] = [from.third_parties === true, to.third_parties === true]
      return [
        ...change(
          'category',
          `${resource}.${name}`,
          text(from.category, judicial),
          text(to.category, stays),
          judicial && !stays,
        ),
        ...change(
          'copies',
          `${resource}.${name} about others too`,
          String(withheld),
          String(still),
          withheld && !still,
        ),
      ]
    })
  })
}

function isJudicial({ document }: Bundle, category: string): boolean {
  return document.varco.categories[category]?.judicial === true
}

/** By their number: an invented record's key is known to those who watch, and to nobody who reads a diff. */
function alarms(
  resource: string,
  was: readonly string[],
  is: readonly string[],
): readonly StructuralChange[] {
  const gone = was.filter((key) => !is.includes(key)).length
  const added = is.filter((key) => !was.includes(key)).length
  if (gone + added === 0) return []
  return [
    {
      about: 'canary',
      name: resource,
      from: String(was.length),
      to: `${is.length}, ${gone} gone`,
      widens: gone > 0,
    },
  ]
}
