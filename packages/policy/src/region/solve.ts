import type { Key } from '../condition/field-value.ts'
import type { Formula, Term, Variable } from './formula.ts'
import {
  atomVariables,
  satisfy,
  type Assignment,
  type Atom,
  type Budget,
  type Literal,
  type Ternary,
} from './literals.ts'

/** One way to make a formula true. Variables that do not matter are absent. */
export interface Model extends Assignment {
  readonly switches: ReadonlyMap<string, boolean>
  readonly variables: readonly Variable[]
}

/** `undecided` when the search gave up: whoever asks must assume the worst. */
export interface Answer {
  readonly found: Model | null | 'undecided'
}

const MOST_STEPS = 10_000
/** Values tried, in all of a search's steps together. */
const MOST_TRIALS = 30_000
const MOST_REJECTED = 50

/**
 * Finds values under which formulas are true. Complete: it tries what each atom may be, and keeps only what some
 * values make so; finding none means that there are none. Remembers answers, for the same few rules meet in many
 * cells and give many fields the same formula.
 */
export class Solver {
  readonly #answers = new Map<string, Answer>()
  readonly #names = new Map<Formula, number>()
  readonly #interned = new Map<Atom, number>()
  readonly #ids = new Map<string, number>()
  readonly #groups = new Map<string, Assignment | 'undecided' | null>()

  /**
   * @param accept has the last word on a model: facts that rules use as of several types, or that hang together
   * in other ways than by comparison, are variables of their own here. What it only rejects is undecided.
   */
  solve(formula: Formula, accept: (model: Model) => boolean): Answer {
    const key = this.#key(formula)
    const known = this.#answers.get(key)?.found
    if (known === null || (typeof known === 'object' && accept(known))) return { found: known }
    const answer = new Search(formula, this, accept).run()
    this.#answers.set(key, answer)
    return answer
  }

  /** Connectives by their parts, whatever else by identity. */
  #key(formula: Formula): string {
    if (formula.op === 'and' || formula.op === 'or')
      return `${formula.op}(${formula.of.map((part) => this.#key(part)).join()})`
    if (formula.op === 'not') return `not(${this.#key(formula.of)})`
    if (formula.op === 'switch') return JSON.stringify(formula.name)
    const name = this.#names.get(formula) ?? this.#names.size
    this.#names.set(formula, name)
    return String(name)
  }

  /** Atoms that say the same have one number. */
  idOf(atom: Atom): number {
    const known = this.#interned.get(atom)
    if (known !== undefined) return known
    const name = describe(atom)
    const id = this.#ids.get(name) ?? this.#ids.size
    this.#ids.set(name, id)
    this.#interned.set(atom, id)
    return id
  }

  satisfy(literals: ReadonlyMap<number, Literal>, budget: Budget): Assignment | 'undecided' | null {
    let key = ''
    for (const id of [...literals.keys()].toSorted((a, b) => a - b)) key += `${id}${literals.get(id)?.value}`
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    const found = satisfy([...literals.values()], budget)
    // What was given up for want of trials another search may find.
    if (found !== 'undecided') this.#groups.set(key, found)
    return found
  }
}

function describe(atom: Atom): string {
  switch (atom.op) {
    case 'exists':
      return `exists ${atom.variable.name}`
    case 'compare':
      return `${term(atom.left)} ${atom.by} ${term(atom.right)}`
    case 'member':
      return `${term(atom.item)} in ${atom.list.name}`
  }
}

function term(of: Term): string {
  return 'variable' in of ? of.variable.name : `${typeof of.constant} ${String(of.constant)}`
}

type Choice = { readonly atom: Atom } | { readonly switch: string }
type Value = Ternary | Choice

class Search {
  readonly #formula: Formula
  readonly #solver: Solver
  /** The atoms decided so far, by their number and, apart, by what hangs together. */
  readonly #values = new Map<number, Ternary>()
  readonly #groups = new Map<string, Map<number, Literal>>()
  readonly #groupOf: (atom: Atom) => string
  readonly #switches = new Map<string, boolean>()
  readonly #accept: (model: Model) => boolean
  readonly #budget: Budget = { trials: MOST_TRIALS }
  #steps = 0
  #rejected = 0

  constructor(formula: Formula, solver: Solver, accept: (model: Model) => boolean) {
    this.#formula = formula
    this.#solver = solver
    this.#accept = accept
    this.#groupOf = groupsOf(formula)
  }

  run(): Answer {
    const found = this.#try()
    if (found === false) return { found: this.#rejected === 0 ? null : 'undecided' }
    return { found: found === true ? this.#model() : found }
  }

  #try(): boolean | 'undecided' {
    if (++this.#steps > MOST_STEPS || this.#budget.trials < 0) return 'undecided'
    const value = this.#evaluate(this.#formula)
    if (typeof value === 'string') return value === 'T' ? this.#accepted() : false
    return 'switch' in value ? this.#trySwitch(value.switch) : this.#tryAtom(value.atom)
  }

  #accepted(): boolean | 'undecided' {
    if (this.#accept(this.#model())) return true
    this.#rejected += 1
    return this.#rejected > MOST_REJECTED ? 'undecided' : false
  }

  #trySwitch(name: string): boolean | 'undecided' {
    for (const on of [false, true]) {
      this.#switches.set(name, on)
      const found = this.#try()
      if (found !== false) return found
    }
    this.#switches.delete(name)
    return false
  }

  #tryAtom(atom: Atom): boolean | 'undecided' {
    const id = this.#solver.idOf(atom)
    const home = this.#groupOf(atom)
    const group = this.#groups.get(home) ?? new Map<number, Literal>()
    this.#groups.set(home, group)
    for (const value of ['T', 'F', 'U'] as const) {
      if (atom.op === 'exists' && value === 'U') continue
      this.#values.set(id, value)
      group.set(id, { atom, value })
      const found = this.#solver.satisfy(group, this.#budget) === null ? false : this.#try()
      if (found !== false) return found
    }
    this.#values.delete(id)
    group.delete(id)
    return false
  }

  #evaluate(formula: Formula): Value {
    switch (formula.op) {
      case 'true':
        return 'T'
      case 'false':
        return 'F'
      case 'unknown':
        return 'U'
      case 'and':
        return this.#junction(formula.of, 'F', 'T')
      case 'or':
        return this.#junction(formula.of, 'T', 'F')
      case 'named':
        return this.#evaluate(formula.of)
      case 'not': {
        const value = this.#evaluate(formula.of)
        return value === 'T' ? 'F' : value === 'F' ? 'T' : value
      }
      case 'is-true':
      case 'is-not-false': {
        const value = this.#evaluate(formula.of)
        return value === 'U' ? (formula.op === 'is-true' ? 'F' : 'T') : value
      }
      case 'switch': {
        const on = this.#switches.get(formula.name)
        return on === undefined ? { switch: formula.name } : on ? 'T' : 'F'
      }
      case 'exists':
      case 'compare':
      case 'member':
        return this.#values.get(this.#solver.idOf(formula)) ?? { atom: formula }
    }
  }

  #junction(parts: readonly Formula[], absorbing: Ternary, neutral: Ternary): Value {
    let result: Value = neutral
    for (const part of parts) {
      const value = this.#evaluate(part)
      if (value === absorbing) return absorbing
      if (typeof value !== 'string') {
        if (typeof result === 'string') result = value
      } else if (value === 'U' && result === neutral) result = 'U'
    }
    return result
  }

  #model(): Model {
    const values = new Map<string, Key | null>()
    const lists = new Map<string, readonly Key[]>()
    for (const group of this.#groups.values()) {
      const found = this.#solver.satisfy(group, this.#budget)
      if (found === 'undecided') continue
      for (const [name, value] of found?.values ?? []) values.set(name, value)
      for (const [name, value] of found?.lists ?? []) lists.set(name, value)
    }
    return { values, lists, switches: new Map(this.#switches), variables: variablesOf(this.#formula) }
  }
}

/** Variables that meet in some atom of the formula are of one group, named after one of them. */
function groupsOf(formula: Formula): (atom: Atom) => string {
  const parents = new Map<string, string>()
  const root = (name: string): string => {
    const parent = parents.get(name)
    return parent === undefined ? name : root(parent)
  }
  visitAtoms(formula, (atom) => {
    const [first, ...others] = atomVariables(atom).map(({ name }) => root(name))
    for (const other of others)
      if (first !== undefined && root(other) !== root(first)) parents.set(root(other), root(first))
  })
  const groups = new Map<Atom, string>()
  visitAtoms(formula, (atom) => groups.set(atom, root(atomVariables(atom)[0]?.name ?? '')))
  return (atom) => groups.get(atom) ?? ''
}

/** Each variable of a formula once. */
export function variablesOf(formula: Formula): readonly Variable[] {
  const found = new Map<string, Variable>()
  visitAtoms(formula, (atom) => {
    for (const variable of atomVariables(atom)) found.set(variable.name, variable)
  })
  return [...found.values()]
}

function visitAtoms(formula: Formula, visit: (atom: Atom) => void): void {
  switch (formula.op) {
    case 'and':
    case 'or':
      for (const part of formula.of) visitAtoms(part, visit)
      return
    case 'not':
    case 'named':
    case 'is-true':
    case 'is-not-false':
      visitAtoms(formula.of, visit)
      return
    case 'compare':
    case 'exists':
    case 'member':
      visit(formula)
      return
    case 'true':
    case 'false':
    case 'unknown':
    case 'switch':
  }
}
