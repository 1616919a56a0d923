import { mayBeLonger } from '../bundle/may-be-longer.ts'
import type { BundleDocument } from '../bundle/schema.ts'
import { textOf } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * Whatever else a bundle says, place by place, so that nothing changes unseen: the register's words, who works for a
 * contractor, where relations lead, how a data subject is found. Places that other lists tell are left to them; rules,
 * retention, golden cases and the watch have lists of their own.
 */
export function documentChanges(before: BundleDocument, after: BundleDocument): readonly StructuralChange[] {
  const categories = new Set(
    before.catalogue.flatMap(({ fields }) => Object.values(fields).map(({ category }) => category)),
  )
  return placesThatDiffer([], placesOf(before), placesOf(after))
    .filter(({ path }) => !isToldElsewhere(path, categories))
    .map(toldOf)
}

type Tree = Readonly<Record<string, unknown>>
type Path = readonly string[]

interface Place {
  readonly path: Path
  /** `undefined`: not there. */
  readonly from: unknown
  readonly to: unknown
}

/** Lists of named things by their names; a contract apart from its company, which may be another tomorrow. */
function placesOf({ varco, catalogue, purposes, processors }: BundleDocument): Tree {
  const contracts = processors.flatMap((each) => each.contracts)
  return {
    ...varco,
    catalogue: byName(catalogue, ({ resource }) => resource),
    purposes,
    processors: byName(
      processors.map((each) => ({ ...each, contracts: undefined })),
      ({ processor }) => processor,
    ),
    contracts: byName(
      contracts.map((each) => ({ ...each, annex: byName(each.annex, ({ purpose }) => purpose) })),
      ({ id }) => id,
    ),
  }
}

function byName<T>(items: readonly T[], name: (item: T) => string): Readonly<Record<string, T>> {
  return Object.fromEntries(items.map((item) => [name(item), item]))
}

/** Whatever has a name of its own: where it comes or goes it is told once, not word by word. */
const NAMED: readonly string[] = [
  ...['categories.*', 'roles.*', 'units.*', 'data_subjects.*', 'purposes.*', 'processors.*'],
  ...['catalogue.*', 'catalogue.*.fields.*', 'catalogue.*.relations.*', 'contracts.*', 'contracts.*.annex.*'],
]

function placesThatDiffer(path: Path, from: unknown, to: unknown): readonly Place[] {
  const [was, is] = [treeOf(from), treeOf(to)]
  const isWhole = NAMED.some((pattern) => fits(pattern, path)) && (from === undefined || to === undefined)
  if (!isWhole && was !== null && is !== null)
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
      placesThatDiffer([...path, key], own(was, key), own(is, key)),
    )
  return textOf(from) === textOf(to) ? [] : [{ path, from, to }]
}

function own(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined
}

/** What is not there has no parts. */
function treeOf(value: unknown): Tree | null {
  if (value === undefined) return {}
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : null
}

/** `*` stands for one step. Steps may hold dots, patterns' own do not. */
function fits(pattern: string, path: Path): boolean {
  const steps = pattern.split('.')
  return steps.length === path.length && steps.every((step, at) => step === '*' || step === path[at])
}

const TOLD_ELSEWHERE: readonly string[] = [
  ...['time_zone', 'log.floor', 'log.ceiling', 'copies.keep'],
  ...['grants.approver_roles', 'grants.longest_minutes', 'grants.break_glass.roles'],
  ...['grants.break_glass.longest_minutes', 'grants.break_glass.review_within', 'contract_management.roles'],
  ...['budgets.operator.data_subjects_per_hour', 'budgets.operator.data_subjects_per_day'],
  ...['roles.*.asks_for_others', 'controller.identity_provider.*', 'processors.*.identity_provider.*'],
  ...['controller.workers_agreement', 'controller.workers_agreement.*'],
  ...['processors.*.workers_agreement', 'processors.*.workers_agreement.*'],
  ...['contracts.*.budgets.operator.*', 'contracts.*.budgets.contract.*'],
  ...['catalogue.*.source.relation', 'catalogue.*.key', 'catalogue.*.owner', 'catalogue.*.canaries'],
  ...['catalogue.*.source.upstream', 'catalogue.*.source.delete', 'catalogue.*.source.delete.*'],
  ...['catalogue.*.data_subject.kind', 'catalogue.*.data_subject.field'],
  ...['catalogue.*.fields.*.category', 'catalogue.*.fields.*.third_parties'],
]

/** A category's mark shows at its fields; one that has none would show nowhere. */
function isToldElsewhere(path: Path, categoriesInUse: ReadonlySet<string>): boolean {
  if (fits('categories.*.judicial', path)) return categoriesInUse.has(path[1] ?? '')
  return TOLD_ELSEWHERE.some((pattern) => fits(pattern, path))
}

interface Meaning {
  readonly about: StructuralChange['about']
  /** Whether somebody may see more by it, or be seen less. */
  readonly widens: (place: Place) => boolean
}

const never = (): boolean => false
const always = (): boolean => true
const longer = ({ from, to }: Place): boolean =>
  typeof from === 'string' && typeof to === 'string' && mayBeLonger(to, from)
const hasMore = ({ from, to }: Place): boolean => listed(to).some((each) => !listed(from).includes(each))
const hasLess = ({ from, to }: Place): boolean => listed(from).some((each) => !listed(to).includes(each))
const isGone = ({ to }: Place): boolean => to === undefined
const isThere = ({ to }: Place): boolean => to !== undefined

/** The first that fits counts; what none fits is words that people read. */
const MEANINGS: readonly (readonly [string, Meaning])[] = [
  ['purposes.*.categories', { about: 'purpose', widens: hasMore }],
  ['purposes.*.legal_basis', { about: 'purpose', widens: never }],
  ['purposes.*.norm', { about: 'purpose', widens: never }],
  ['purposes.*', { about: 'purpose', widens: never }],
  ['data_subjects.*.find_by', { about: 'data-subject', widens: hasLess }],
  ['data_subjects.*.resource', { about: 'data-subject', widens: always }],
  ['data_subjects.*.name', { about: 'data-subject', widens: never }],
  ['data_subjects.*', { about: 'data-subject', widens: isGone }],
  ['catalogue.*.relations.*', { about: 'relation', widens: isThere }],
  ['catalogue.*.relations.*.*', { about: 'relation', widens: always }],
  ['catalogue.*', { about: 'source', widens: never }],
  ['catalogue.*.fields.*', { about: 'source', widens: never }],
  ['catalogue.*.fields.*.type', { about: 'source', widens: never }],
  ['catalogue.*.fields.*.nullable', { about: 'source', widens: never }],
  ['processors.*', { about: 'processor', widens: never }],
  ['processors.*.country', { about: 'processor', widens: always }],
  ['processors.*.sub_processors', { about: 'processor', widens: hasMore }],
  ['contracts.*', { about: 'contract', widens: never }],
  ['contracts.*.from', { about: 'contract', widens: never }],
  ['contracts.*.to', { about: 'contract', widens: never }],
  ['contracts.*.mode', { about: 'contract', widens: never }],
  ['contracts.*.annex.*', { about: 'contract', widens: never }],
  ['contracts.*.exit.delete_within', { about: 'contract', widens: longer }],
  ['backups.kept_for', { about: 'copies', widens: longer }],
  ['categories.*.judicial', { about: 'category', widens: ({ to }) => to !== true }],
]

const WORDS: Meaning = { about: 'words', widens: never }

function toldOf(place: Place): StructuralChange {
  const { path, from, to } = place
  const { about, widens } = MEANINGS.find(([pattern]) => fits(pattern, path))?.[1] ?? WORDS
  const whole = NAMED.some((pattern) => fits(pattern, path))
  const text = (value: unknown): string => (whole && value !== undefined ? 'declared' : textOf(value))
  return { about, name: path.join('.'), from: text(from), to: text(to), widens: widens(place) }
}

function listed(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : []
}
