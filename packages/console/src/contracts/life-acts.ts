import { CONTRACT_MOVES, type ContractMove, type ContractMoveName } from '@varco/engagement'
import type { Contract } from '@varco/policy'
import type { Act } from '../act/act.ts'
import type { Visit } from '../visit/visit.ts'
import { contractHref } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'

/** @param isSecond somebody else has proposed the step: whoever acts now takes it */
export function moveAct({ locale }: Visit, { id }: Contract, name: ContractMoveName, isSecond: boolean): Act {
  const t = contractWords[locale]
  const move: ContractMove = CONTRACT_MOVES[name]
  const [title, button, consequence] = t.moves[name]
  return {
    to: `${contractHref(id, 'life')}/${name}`,
    title,
    button,
    consequences: [
      consequence,
      ...(move.stops ? t.stops : []),
      ...(move.people === 1 ? [] : [isSecond ? t.youAreSecond : t.takesTwo]),
      ...(move.stops ? [t.notUndone] : []),
    ],
    danger: move.stops,
  }
}

export function choiceAct({ locale }: Visit, { id }: Contract): Act {
  const t = contractWords[locale]
  return {
    to: `${contractHref(id, 'life')}/choice`,
    title: t.chooseTitle,
    consequences: t.chooseConsequences,
    button: t.chooseButton,
  }
}

export function declarationAct({ locale }: Visit, { id }: Contract, who: string): Act {
  const t = contractWords[locale]
  return {
    to: `${contractHref(id, 'life')}/declaration`,
    title: t.declareTitle(who),
    consequences: t.declareConsequences,
    button: t.declareButton,
  }
}

export function settlementAct({ locale }: Visit, { id }: Contract): Act {
  const t = contractWords[locale]
  return {
    to: `${contractHref(id, 'life')}/copy`,
    title: t.settleTitle,
    consequences: t.settleConsequences,
    button: t.settleButton,
  }
}
