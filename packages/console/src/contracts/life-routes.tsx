import {
  chooseDisposal,
  CONTRACT_MOVE_NAMES,
  CONTRACT_MOVES,
  COPY_ENDS,
  declareExit,
  EXIT_PARTIES,
  exitDossier,
  moveContract,
  settleCopy,
  type Actor,
  type ContractMoveName,
  type CopiesLedger,
  type LifeDesk,
  type LifeOccasion,
  type LifeRefused,
} from '@varco/engagement'
import { actDone } from '../act/act-done.ts'
import type { ContractId } from '@varco/core'
import type { Contract } from '@varco/policy'
import { Hono, type Context } from 'hono'
import * as z from 'zod'
import type { Act, FilledAct } from '../act/act.ts'
import type { ActResult, FieldProblem } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { namesOf } from '../i18n/names.ts'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { contractHref } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'
import { choiceAct, declarationAct, moveAct, settlementAct } from './life-acts.ts'
import { declarationForm, LifePage, partyInWords } from './life-page.tsx'
import { contractsText } from './text.ts'

export interface LifeRoutesDeps {
  readonly life: Omit<LifeDesk, 'copies'>
  readonly copies: CopiesLedger
}

type LifeContext = Context<GuardedEnv>
type Words = (typeof contractWords)['it' | 'en']
type Done = keyof (typeof contractWords)['it']['done']

/** What a form asks to be done, once it has been read; or what is missing in it. */
type Plan =
  | { readonly problems: readonly FieldProblem[] }
  | {
      readonly act: Act
      readonly carried: FilledAct['carried']
      readonly stated: FilledAct['stated']
      readonly perform: (
        occasion: LifeOccasion,
        actor: Actor,
      ) => Promise<{ readonly ok: true; readonly done: Done } | LifeRefused>
    }

const reasonSchema = z.string().trim().min(10).max(2_000)

/** A contract's steps, the larger ones by two people, and its exit from the choice to the last copy. */
export function lifeRoutes({ life, copies }: LifeRoutesDeps): Hono<GuardedEnv> {
  const desk: LifeDesk = { ...life, copies }

  const show = async (
    c: LifeContext,
    contract: Contract,
    result: ActResult,
    status: 200 | 400 | 409 = 200,
  ) => {
    const { visit } = c.var
    const { id } = contract
    const [state, moves, proposal, dossier] = await Promise.all([
      life.store.contractState(id),
      life.store.movesOf(id),
      life.store.proposal(id),
      exitDossier(desk, id, visit.now),
    ])
    const manager = visit.viewer === null ? null : assignmentFor(visit.viewer, 'manage-exits')
    return c.html(
      asHtml(
        <LifePage
          {...{ visit, contract, state, moves, proposal, dossier, result }}
          manager={manager?.pseudonym ?? null}
        />,
      ),
      status,
    )
  }

  const act = async (c: LifeContext, plan: (contract: Contract, form: SentForm) => Plan | Promise<Plan>) => {
    const { visit, assignment } = c.var
    const contract = contractOf(c)
    if (contract === null) return c.html(notFoundPage(visit), 404)
    const form = sentForm(await c.req.parseBody())
    const planned = await plan(contract, form)
    if ('problems' in planned)
      return show(c, contract, { kind: 'incomplete', problems: planned.problems }, 400)
    if (!isConfirmed(form)) return c.html(confirmPage(visit, filled(visit, contract, planned)))
    const { bundle, now, requestId } = visit
    const { operator, pseudonym, role, unit } = assignment
    // The guard lets in the body's own staff alone.
    const actor: Actor = { operator, pseudonym, role, unit, processor: null, contract: null }
    const outcome = await planned.perform({ bundle, now, requestId }, actor)
    if (!outcome.ok) return show(c, contract, { kind: 'refused', text: outcome.text[visit.locale] }, 409)
    return c.redirect(`${contractHref(contract.id, 'life')}?done=${outcome.done}`, 303)
  }

  return new Hono<GuardedEnv>()
    .get('/contracts/:id/life', guard('read-contracts'), async (c) => {
      const contract = contractOf(c)
      if (contract === null) return c.html(notFoundPage(c.var.visit), 404)
      return show(c, contract, actDone(c.var.visit, wordsOf(c).done))
    })

    .post('/contracts/:id/life/choice', guard('manage-exits'), (c) =>
      act(c, (contract, form) => {
        const t = wordsOf(c)
        const choice = z.enum(['return', 'deletion']).safeParse(form['choice'])
        if (!choice.success) return { problems: [{ field: 'choice', text: t.problems.choice }] }
        return {
          act: choiceAct(c.var.visit, contract),
          carried: { choice: choice.data },
          stated: [[t.chooseLabel, choice.data === 'return' ? t.chooseReturn : t.chooseDeletion]],
          perform: async (occasion, actor) => {
            const outcome = await chooseDisposal(desk, occasion, actor, contract.id, choice.data)
            return outcome.ok ? { ok: true, done: 'chosen' } : outcome
          },
        }
      }),
    )

    .post('/contracts/:id/life/declaration', guard('manage-exits'), (c) =>
      act(c, (contract, form) => {
        const { visit } = c.var
        const t = wordsOf(c)
        const sent = declarationSchema.safeParse(form)
        if (!sent.success) {
          const of = declarationForm(form['party'] ?? '', form['name'] ?? '')
          const problems = problemsIn(t, sent.error, ['document', 'signedOn'])
          return { problems: problems.map(({ field, text }) => ({ field: `${of}-${field}`, text })) }
        }
        const { party: kind, name, document, signedOn } = sent.data
        return {
          act: declarationAct(visit, contract, partyInWords(visit, { kind, name })),
          carried: { party: kind, name, document, signedOn },
          stated: [
            [t.document, document],
            [t.signedOn, signedOn],
          ],
          perform: async (occasion, actor) => {
            const declared = { kind, name, document, signedOn }
            const outcome = await declareExit(desk, occasion, actor, contract.id, declared)
            return outcome.ok ? { ok: true, done: 'declared' } : outcome
          },
        }
      }),
    )

    .post('/contracts/:id/life/copy', guard('manage-exits'), (c) =>
      act(c, async (contract, form) => {
        const t = wordsOf(c)
        const sent = settlementSchema.safeParse(form)
        if (!sent.success) {
          const problems = problemsIn(t, sent.error, ['copy', 'how', 'reason'])
          return {
            problems: problems.map(({ field, text }) => ({
              field: field === 'reason' ? 'copy-reason' : field,
              text,
            })),
          }
        }
        const { copy, how, reason } = sent.data
        // Only a copy of this very contract is settled on its page.
        if ((await copies.copy(copy))?.contract !== contract.id)
          return { problems: [{ field: 'copy', text: t.problems.copy }] }
        return {
          act: settlementAct(c.var.visit, contract),
          carried: { copy, how, reason },
          stated: [
            [t.copy, copy],
            [t.settleHow, t.ends[how]],
            [t.settleReason, reason],
          ],
          perform: async (occasion, actor) => {
            const outcome = await settleCopy({ ledger: copies, log: life.log }, occasion, actor, copy, {
              how,
              reason,
            })
            return outcome.ok ? { ok: true, done: 'settled' } : outcome
          },
        }
      }),
    )

    .post('/contracts/:id/life/:move', guard('move-contracts'), async (c) => {
      const { visit, assignment } = c.var
      const move = CONTRACT_MOVE_NAMES.find((name) => name === c.req.param('move'))
      if (move === undefined) return c.html(notFoundPage(visit), 404)
      return act(c, async (contract, form) => {
        const t = wordsOf(c)
        const reason = reasonSchema.safeParse(form['reason'])
        if (!reason.success) return { problems: [{ field: `${move}-reason`, text: t.problems.reason }] }
        const proposal = await life.store.proposal(contract.id)
        const isSecond = proposal?.move === move && proposal.operator !== assignment.operator
        const successor = successorIn(form, move)
        return {
          act: moveAct(visit, contract, move, isSecond),
          carried: { reason: reason.data, successor: successor ?? '' },
          stated: [
            [t.reasonLabel, reason.data],
            ...(CONTRACT_MOVES[move].stops
              ? ([[t.successor, successorInWords(visit, successor)]] as const)
              : []),
          ],
          perform: async (occasion, actor) => {
            const wanted = { contract: contract.id, move, reason: reason.data, successor }
            const outcome = await moveContract(desk, occasion, actor, wanted)
            return outcome.ok ? { ok: true, done: outcome.taken ? 'moved' : 'proposed' } : outcome
          },
        }
      })
    })
}

const declarationSchema = z.object({
  party: z.enum(EXIT_PARTIES),
  name: z.string().min(1).max(500),
  document: z
    .string()
    .trim()
    .transform((text) => text.toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{64}$/)),
  signedOn: z.iso.date(),
})

const settlementSchema = z.object({
  copy: z.string().min(1).max(128),
  how: z.enum(COPY_ENDS),
  reason: reasonSchema,
})

function contractOf(c: LifeContext): Contract | null {
  return c.var.visit.bundle.contracts.get((c.req.param('id') ?? '') as ContractId) ?? null
}

function wordsOf(c: LifeContext): Words {
  return contractWords[c.var.visit.locale]
}

function problemsIn(
  { problems }: Words,
  { issues }: z.core.$ZodError,
  fields: readonly (keyof Words['problems'])[],
): readonly FieldProblem[] {
  const wrong = new Set(issues.map(({ path }) => path[0]))
  const found = fields.filter((field) => wrong.has(field))
  // A hidden field that was tampered with has no words of its own.
  return (found.length === 0 ? fields.slice(0, 1) : found).map((field) => ({ field, text: problems[field] }))
}

/** `null`: the body itself. What is no contract the domain refuses. */
function successorIn(form: SentForm, move: ContractMoveName): ContractId | null {
  const sent = form['successor'] ?? ''
  return !CONTRACT_MOVES[move].stops || sent === '' ? null : (sent as ContractId)
}

function successorInWords({ bundle, locale }: Visit, successor: ContractId | null): string {
  return successor === null ? contractWords[locale].theBody : namesOf(bundle, locale).contract(successor)
}

function filled(
  { locale }: Visit,
  contract: Contract,
  { act, carried, stated }: Exclude<Plan, { problems: unknown }>,
): FilledAct {
  const title = contract.document.title[locale]
  return {
    ...act,
    carried,
    stated: [[contractsText[locale].contract, title], ...stated],
    above: [
      { title: contractsText[locale].title, href: '/contracts' },
      { title, href: contractHref(contract.id, 'life') },
    ],
  }
}
