import { toConstant, valueOfKey, type Key } from '../condition/field-value.ts'
import type { Formula, Term, Variable } from './formula.ts'
import { representatives } from './points.ts'

/** SQL's three values. */
export type Ternary = 'T' | 'F' | 'U'

/** A formula that has no other inside and is about variables. */
export type Atom = Extract<Formula, { op: 'compare' | 'exists' | 'member' }>

/** An atom and the value it is to have. */
export interface Literal {
  readonly atom: Atom
  readonly value: Ternary
}

/** Values under which some literals hold; `lists` has what each list that is known contains. */
export interface Assignment {
  readonly values: ReadonlyMap<string, Key | null>
  readonly lists: ReadonlyMap<string, readonly Key[]>
}

export function atomVariables(atom: Atom): readonly Variable[] {
  if (atom.op === 'exists') return [atom.variable]
  return atom.op === 'compare'
    ? [...variableOf(atom.left), ...variableOf(atom.right)]
    : [...variableOf(atom.item), atom.list]
}

function variableOf(term: Term): readonly Variable[] {
  return 'variable' in term ? [term.variable] : []
}

/** What a search may still try; where nothing is left, whoever asks must assume that there may be values. */
export interface Budget {
  trials: number
}

/**
 * Values under which all the literals hold, or `null` when there are none. Complete: each variable is tried with
 * values that stand for all others. The literals are about variables that hang together.
 */
export function satisfy(literals: readonly Literal[], budget: Budget): Assignment | 'undecided' | null {
  const variables = new Map(
    literals.flatMap(({ atom }) => atomVariables(atom).map((variable) => [variable.name, variable] as const)),
  )
  const constants = literals.flatMap(({ atom }) => constantsOf(atom))
  const [first] = variables.values()
  if (first === undefined) return { values: new Map(), lists: new Map() }
  const scalars = [...variables.values()].filter(({ list }) => !list)
  const lists = [...variables.values()].filter(({ list }) => list)
  const points = representatives({
    kind: first.kind,
    constants,
    count: variables.size,
    ordered: literals.some(({ atom }) => atom.op === 'compare' && atom.by !== 'eq'),
    whole: scalars.some(({ type }) => type === 'integer'),
    fractions: scalars.some(({ type }) => type !== 'integer') || scalars.length === 0,
  })
  return new Trial(literals, scalars, lists, points, budget).run()
}

/** What a fact of the request cannot be, such as a day before the year 1, a record may still hold. */
function canBe({ of, type }: Variable, point: Key): boolean {
  if (type === 'integer' && String(point).includes('.')) return false
  return 'field' in of || toConstant(type, valueOfKey(type, point)) !== null
}

function isVariable(term: Term, variable: Variable): boolean {
  return 'variable' in term && term.variable.name === variable.name
}

function constantsOf(atom: Atom): readonly Key[] {
  const terms = atom.op === 'compare' ? [atom.left, atom.right] : atom.op === 'member' ? [atom.item] : []
  return terms.flatMap((term) => ('constant' in term ? [term.constant] : []))
}

/** Each value's place in their order: to compare two decimals takes far longer. Ordered values come in their order. */
function ranksOf(literals: readonly Literal[], points: readonly Key[]): ReadonlyMap<Key, number> {
  const ranks = new Map(points.map((point, rank) => [point, rank]))
  const constants = literals.flatMap(({ atom }) => constantsOf(atom))
  const order = literals.flatMap(({ atom }) => (atom.op === 'compare' ? [atom.order] : []))[0]
  if (order === undefined || constants.every((constant) => ranks.has(constant))) return ranks
  const all = [...new Set([...points, ...constants])].toSorted(order)
  return new Map(all.map((key, rank) => [key, rank]))
}

class Trial {
  readonly #literals: readonly Literal[]
  readonly #scalars: readonly Variable[]
  readonly #lists: readonly Variable[]
  readonly #points: readonly Key[]
  /** Of each scalar, by its place: the literals that are decided once it is chosen. */
  readonly #decided: readonly (readonly Literal[])[]
  readonly #ranks: ReadonlyMap<Key, number>
  readonly #values = new Map<string, Key | null>()
  readonly #own = new Map<Variable, readonly (Key | null)[]>()
  readonly #budget: Budget

  constructor(
    literals: readonly Literal[],
    scalars: readonly Variable[],
    lists: readonly Variable[],
    points: readonly Key[],
    budget: Budget,
  ) {
    this.#budget = budget
    this.#literals = literals
    this.#scalars = scalars
    this.#lists = lists
    this.#points = points
    const lastOf = literals.map(({ atom }) =>
      Math.max(0, ...atomVariables(atom).map(({ name }) => scalars.findIndex((each) => each.name === name))),
    )
    this.#decided = scalars.map((_, place) => literals.filter((_literal, index) => lastOf[index] === place))
    this.#ranks = ranksOf(literals, points)
  }

  run(place = 0): Assignment | 'undecided' | null {
    const variable = this.#scalars[place]
    if (variable === undefined) return this.#withLists()
    for (const value of this.#candidates(variable)) {
      if (--this.#budget.trials < 0) return 'undecided'
      this.#values.set(variable.name, value)
      const found = this.#mayHold(place, variable) ? this.run(place + 1) : null
      if (found !== null) return found
    }
    this.#values.delete(variable.name)
    return null
  }

  #candidates(variable: Variable): readonly (Key | null)[] {
    const known = this.#own.get(variable)
    if (known !== undefined) return known
    const own = [...this.#points.filter((point) => canBe(variable, point)), null]
    this.#own.set(variable, own)
    return own
  }

  /** Whether the comparisons this variable completes have their values. */
  #mayHold(place: number, variable: Variable): boolean {
    return (this.#decided[place] ?? []).every(({ atom, value }) => {
      if (atom.op === 'exists')
        return atom.variable.list || (this.#values.get(variable.name) === null ? 'F' : 'T') === value
      if (atom.op === 'member') return !isVariable(atom.item, variable) || this.#contents(atom.list) !== null
      const left = this.#rank(atom.left)
      const right = this.#rank(atom.right)
      return (left === null || right === null ? 'U' : COMPARE[atom.by](left - right) ? 'T' : 'F') === value
    })
  }

  #rank(term: Term): number | null {
    const key = this.#term(term) ?? null
    return key === null ? null : (this.#ranks.get(key) ?? null)
  }

  /** `undefined` while not chosen. */
  #term(term: Term): Key | null | undefined {
    return 'constant' in term ? term.constant : this.#values.get(term.variable.name)
  }

  #withLists(): Assignment | null {
    const lists = new Map<string, readonly Key[]>()
    for (const list of this.#lists) {
      const contents = this.#contents(list)
      if (contents === null) return null
      if (contents !== 'unknown') lists.set(list.name, contents)
    }
    return { values: new Map(this.#values), lists }
  }

  /** As far as the variables are chosen: what a list must hold; it is filled, or else empty, or else not known. `null`: none of the three will do. */
  #contents(list: Variable): readonly Key[] | 'unknown' | null {
    const own = this.#literals.filter(
      ({ atom }) =>
        (atom.op === 'member' ? atom.list : atom.op === 'exists' ? atom.variable : null)?.name === list.name,
    )
    const exists = own.filter(({ atom }) => atom.op === 'exists')
    const members = own
      .flatMap(({ atom, value }) =>
        atom.op === 'member' ? [{ item: this.#term(atom.item), unknownItem: atom.unknownItem, value }] : [],
      )
      .filter((member): member is typeof member & { item: Key | null } => member.item !== undefined)
    if (exists.every(({ value }) => value === 'T')) {
      const inside = members.filter(({ value }) => value === 'T').map(({ item }) => item)
      const outside = members.filter(({ value }) => value === 'F').map(({ item }) => item)
      const fits =
        members.every(({ item, value }) => (item === null) === (value === 'U')) &&
        !inside.some((item) => outside.includes(item))
      const spare = this.#points.findLast((point) => !outside.includes(point))
      const filling =
        inside.flatMap((item) => item ?? []).length > 0
          ? inside.flatMap((item) => item ?? [])
          : spare === undefined
            ? []
            : [spare]
      if (fits && filling.length > 0) return [...new Set(filling)]
      if (
        members.every(
          ({ item, unknownItem, value }) =>
            value === (item === null && unknownItem === 'unknown' ? 'U' : 'F'),
        )
      )
        return []
    }
    return exists.every(({ value }) => value === 'F') && members.every(({ value }) => value === 'U')
      ? 'unknown'
      : null
  }
}

const COMPARE = {
  eq: (order: number) => order === 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
} as const
