// The same rules in each engine's own best form. An engine answers with the names of the fields that are visible; what an
// adapter prepares from a question beforehand is not counted against its engine.
import { Ability, mongoQueryMatcher as mongoMatcher, type MongoQuery } from '@casl/ability'
import { permittedFieldsOf } from '@casl/ability/extra'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { compileBundle, decideRecord, type Bundle } from '@varco/policy'
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin'
import { benchDocument, FIELDS, ROLE, type BenchRule, type Question } from './workload.ts'

/** An engine loaded with rules, and the questions it was prepared for. */
export interface Engine {
  readonly name: string
  answer(index: number): readonly string[]
}

export function varcoEngine(rules: readonly BenchRule[], questions: readonly Question[]): Engine {
  const bundle: Bundle = compileBundle(benchDocument(rules))
  return {
    name: 'varco',
    answer: (index) => {
      const question = questions[index]
      return question === undefined
        ? []
        : (decideRecord(bundle, question.request, question.record)?.plain ?? [])
    },
  }
}

interface CaslRecord {
  readonly type: string
  readonly purpose: string
  readonly now: number
  readonly region: string
  readonly inUnits: boolean
}

/** Subject types keyed by resource, contract and role, as CASL needs lest it scan every rule. */
export function caslEngine(rules: readonly BenchRule[], questions: readonly Question[]): Engine {
  const keyOf = (resource: string, contract: string): string => `${resource}|${contract}|${ROLE}`
  // In CASL the last rule wins: forbids go last.
  const ordered = [...rules].sort((a, b) => Number(a.effect === 'forbid') - Number(b.effect === 'forbid'))
  const ability = new Ability<[string, string | CaslRecord]>(
    ordered.map(({ contract, effect, fields, from, purposes, resource, to }) => ({
      action: 'read',
      subject: keyOf(resource, contract),
      fields: [...fields],
      conditions: {
        purpose: { $in: [...purposes] },
        now: { $gte: Number(from), $lt: Number(to) },
        inUnits: true,
      },
      inverted: effect === 'forbid',
    })),
    {
      conditionsMatcher: (conditions) => mongoMatcher(conditions as MongoQuery),
      fieldMatcher: (fields) => (field) => fields.includes(field),
      detectSubjectType: ({ type }) => type,
    },
  )
  const prepared = questions.map(({ record, request, units }) => ({
    record: {
      type: keyOf(request.resource, request.contract?.id ?? ''),
      purpose: request.purpose ?? '',
      now: Number(request.now),
      region: record['region'] ?? '',
    },
    units,
  }))
  return {
    name: 'casl',
    answer: (index) => {
      const question = prepared[index]
      if (question === undefined) return []
      const subject: CaslRecord = {
        ...question.record,
        inUnits: question.units.includes(question.record.region),
      }
      return permittedFieldsOf(ability, 'read', subject, { fieldsFrom: (rule) => rule.fields ?? FIELDS })
    },
  }
}

const CASBIN_MODEL = `
[request_definition]
r = sub, obj, field
[policy_definition]
p = contract, resource, start, stop, purposes, fields, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub.contract == p.contract && r.obj.resource == p.resource && within(r.sub.now, p.start, p.stop) && listed(p.purposes, r.sub.purpose) && listed(p.fields, r.field) && r.obj.inUnits
`

export async function casbinEngine(
  rules: readonly BenchRule[],
  questions: readonly Question[],
): Promise<Engine> {
  const policy = rules
    .map(({ contract, effect, fields, from, purposes, resource, to }) =>
      [
        'p',
        contract,
        resource,
        Number(from),
        Number(to),
        `|${purposes.join('|')}|`,
        `|${fields.join('|')}|`,
        effect === 'permit' ? 'allow' : 'deny',
      ].join(', '),
    )
    .join('\n')
  const enforcer = await newEnforcer(newModelFromString(CASBIN_MODEL), new StringAdapter(policy))
  await enforcer.addFunction(
    'within',
    (now: number, from: string, to: string) => now >= Number(from) && now < Number(to),
  )
  await enforcer.addFunction('listed', (list: string, item: string) => list.includes(`|${item}|`))
  return {
    name: 'casbin',
    answer: (index) => {
      const question = questions[index]
      if (question === undefined) return []
      const { record, request, units } = question
      const principal = { contract: request.contract?.id, purpose: request.purpose, now: Number(request.now) }
      const object = { resource: request.resource, inUnits: units.includes(record['region'] ?? '') }
      return FIELDS.filter((field) => enforcer.enforceSync(principal, object, field))
    },
  }
}

/** One policy set, parsed beforehand; a field is an action. */
export function cedarEngine(rules: readonly BenchRule[], questions: readonly Question[]): Engine {
  const policies = rules
    .map(({ contract, effect, fields, from, purposes, resource, to }) => {
      const actions = fields.map((field) => `Action::"${field}"`).join(', ')
      const wanted = [
        `context.resource == "${resource}"`,
        `context.now >= ${from}`,
        `context.now < ${to}`,
        `[${purposes.map((purpose) => `"${purpose}"`).join(', ')}].contains(context.purpose)`,
        'context.units.contains(context.region)',
      ]
      return `${effect}(principal == Contract::"${contract}", action in [${actions}], resource) when { ${wanted.join(' && ')} };`
    })
    .join('\n')
  const name = `bench-${rules.length}`
  const parsed = cedar.preparsePolicySet(name, { staticPolicies: policies })
  if (parsed.type === 'failure') throw new Error(`cedar: ${parsed.errors[0]?.message ?? 'not parsed'}`)
  return {
    name: 'cedar',
    answer: (index) => {
      const question = questions[index]
      if (question === undefined) return []
      const { record, request, units } = question
      const context = {
        resource: request.resource,
        now: Number(request.now),
        purpose: request.purpose ?? '',
        units: [...units],
        region: record['region'] ?? '',
      }
      return FIELDS.filter((field) => {
        const answer = cedar.statefulIsAuthorized({
          principal: { type: 'Contract', id: request.contract?.id ?? '' },
          action: { type: 'Action', id: field },
          resource: { type: 'Record', id: 'record' },
          context,
          preparsedPolicySetId: name,
          validateRequest: false,
          entities: [],
        })
        if (answer.type === 'failure') throw new Error(`cedar: ${answer.errors[0]?.message ?? 'failed'}`)
        return answer.response.decision === 'allow'
      })
    },
  }
}
