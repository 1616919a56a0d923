import {
  REFUSAL_GROUNDS,
  type DataSubjectRequest,
  type RefusalGround,
  type RequestDesk,
} from '@varco/reports'
import type { Act } from '../act/act.ts'
import type { SentForm } from '../act/confirmed.ts'
import type { Visit } from '../visit/visit.ts'
import { requestsText } from './text.ts'

/** What can be done about a request, and what each act needs to be told. */
export const REQUEST_ACTS = {
  'ask-identity': {
    needs: [],
    open: ({ identity }) => identity.state === 'unchecked',
    perform: (desk, id, _form, by) => desk.askIdentity(id, by),
  },
  'confirm-identity': {
    needs: [],
    open: ({ identity }) => identity.state === 'unchecked' || identity.state === 'asked',
    perform: (desk, id, _form, by) => desk.settleIdentity(id, true, by),
  },
  'deny-identity': {
    needs: [],
    open: ({ identity }) => identity.state === 'asked',
    perform: (desk, id, _form, by) => desk.settleIdentity(id, false, by),
  },
  extend: {
    needs: ['reason'],
    open: ({ extension }) => extension === null,
    perform: (desk, id, form, by) => desk.extend(id, form['reason'] ?? '', by),
  },
  answer: {
    needs: ['answer'],
    open: ({ identity }) => identity.state === 'confirmed',
    perform: (desk, id, form, by) => desk.answer(id, (form['answer'] ?? '').trim().toLowerCase(), by),
  },
  refuse: {
    needs: ['ground', 'reason'],
    danger: true,
    open: () => true,
    perform: (desk, id, form, by) => desk.refuse(id, groundOf(form), form['reason'] ?? '', by),
  },
  withdraw: {
    needs: [],
    danger: true,
    open: () => true,
    perform: (desk, id, _form, by) => desk.withdraw(id, by),
  },
} as const satisfies Readonly<Record<string, RequestAct>>

export type RequestActName = keyof typeof REQUEST_ACTS

export interface RequestAct {
  readonly needs: readonly ('reason' | 'ground' | 'answer')[]
  readonly danger?: true
  /** Whether it makes sense for an open request; the desk has the last word. */
  readonly open: (request: DataSubjectRequest) => boolean
  readonly perform: (desk: RequestDesk, id: string, form: SentForm, by: string) => Promise<DataSubjectRequest>
}

export function isRequestAct(name: string): name is RequestActName {
  return Object.hasOwn(REQUEST_ACTS, name)
}

export function requestAct(name: RequestActName): RequestAct {
  return REQUEST_ACTS[name]
}

/** The acts a request is open to. */
export function openActs(request: DataSubjectRequest): readonly RequestActName[] {
  if (request.outcome !== null) return []
  return (Object.keys(REQUEST_ACTS) as RequestActName[]).filter((name) => requestAct(name).open(request))
}

export function actOf({ locale }: Pick<Visit, 'locale'>, id: string, name: RequestActName): Act {
  return {
    to: `/requests/${encodeURIComponent(id)}/${name}`,
    ...requestsText[locale].acts[name],
    ...(requestAct(name).danger === true ? { danger: true } : {}),
  }
}

/** A ground that is none of the law's is told as the one that says the least. */
function groundOf({ ground }: SentForm): RefusalGround {
  return REFUSAL_GROUNDS.find((known) => known === ground) ?? 'right-does-not-apply'
}
