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

/** More is not worth trying: whoever asks must assume that there may be values. */
const MOST_TRIALS = 5_000

/**
 * Values under which all the literals hold, or `null` when there are none. Complete: each variable is tried with
 * values that stand for all others. The literals are about variables that hang together.
 */
export function satisfy(literals: readonly Literal[]): Assignment | 'undecided' | null {
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
  return new Trial(literals, scalars, lists, points).run()
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

class Trial {
  readonly #literals: readonly Literal[]
  readonly #scalars: readonly Variable[]
  readonly #lists: readonly Variable[]
  readonly #points: readonly Key[]
  readonly #values = new Map<string, Key | null>()
  readonly #own = new Map<Variable, readonly Key[]>()
  #trials = 0

  constructor(
    literals: readonly Literal[],
    scalars: readonly Variable[],
    lists: readonly Variable[],
    points: readonly Key[],
  ) {
    this.#literals = literals
    this.#scalars = scalars
    this.#lists = lists
    this.#points = points
  }

  run(place = 0): Assignment | 'undecided' | null {
    if (++this.#trials > MOST_TRIALS) return 'undecided'
    const variable = this.#scalars[place]
    if (variable === undefined) return this.#withLists()
    const own = this.#candidates(variable)
    for (const value of [...own, null]) {
      this.#values.set(variable.name, value)
      const found = this.#mayHold(variable) ? this.run(place + 1) : null
      if (found !== null) return found
    }
    this.#values.delete(variable.name)
    return null
  }

  #candidates(variable: Variable): readonly Key[] {
    const known = this.#own.get(variable)
    if (known !== undefined) return known
    const own = this.#points.filter((point) => canBe(variable, point))
    this.#own.set(variable, own)
    return own
  }

  /** Whether the comparisons this variable completes have their values. */
  #mayHold(variable: Variable): boolean {
    return this.#literals.every(({ atom, value }) => {
      if (atom.op === 'exists')
        return (
          atom.variable.name !== variable.name ||
          (this.#values.get(variable.name) === null ? 'F' : 'T') === value
        )
      if (atom.op === 'member') return !isVariable(atom.item, variable) || this.#contents(atom.list) !== null
      const left = this.#term(atom.left)
      const right = this.#term(atom.right)
      if (left === undefined || right === undefined) return true
      return (
        (left === null || right === null ? 'U' : COMPARE[atom.by](atom.order(left, right)) ? 'T' : 'F') ===
        value
      )
    })
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
