import type { EventId, Localized } from '@varco/core'
import type { ActLog, EngagementAct } from '../act-log.ts'
import type { Actor } from '../actor.ts'
import type { Occasion } from '../grants/grant-desk.ts'
import { refuse, type Refused } from '../refused.ts'
import type { Instruction } from './instruction.ts'
import type { InstructionStore } from './instruction-store.ts'

export interface InstructionDesk {
  readonly store: InstructionStore
  readonly log: ActLog
}

const INSTRUCTION_REFUSALS = {
  'instruction-too-long': {
    it: 'Un’istruzione si dichiara per un turno: al più dodici ore.',
    en: 'An instruction is stated for a shift: twelve hours at most.',
  },
  'no-instruction': { it: 'Nessuna istruzione è in corso.', en: 'No instruction is being followed.' },
} as const satisfies Record<string, Localized>

export type InstructionRefusalCode = keyof typeof INSTRUCTION_REFUSALS

export type InstructionOutcome =
  | { readonly ok: true; readonly instruction: Instruction; readonly event: EventId }
  | Refused<InstructionRefusalCode>

/** A shift; whoever goes on after it says so again. */
const LONGEST_MINUTES = 720
const USUAL_MINUTES = 480
const MINUTE_US = 60_000_000n

/**
 * Keeps on whose orders somebody is about to work: every access of theirs carries it until it ends, but one that says
 * otherwise itself. What is said takes the place of what was said before; both stay in the log, which comes first.
 * @throws UnavailableError when it may not have been recorded: then nothing is kept
 */
export async function stateInstruction(
  { store, log }: InstructionDesk,
  occasion: Occasion,
  actor: Actor,
  { instructedBy, minutes }: { readonly instructedBy: string; readonly minutes: number | null },
): Promise<InstructionOutcome> {
  const lasts = minutes ?? USUAL_MINUTES
  if (lasts > LONGEST_MINUTES) return refuse(INSTRUCTION_REFUSALS, 'instruction-too-long')
  const { now } = occasion
  const instruction: Instruction = {
    ...{ operator: actor.operator, pseudonym: actor.pseudonym, instructedBy },
    ...{ from: now, until: now + BigInt(lasts) * MINUTE_US },
  }
  const { id: event } = await log.append(
    actOf('instruction-stated', occasion, actor, { instructedBy, until: instruction.until }),
  )
  await store.putInstruction(instruction)
  return { ok: true, instruction, event }
}

/** Ends it before its time, for what comes; nothing that was done under it changes. */
export async function endInstruction(
  { store, log }: InstructionDesk,
  occasion: Occasion,
  actor: Actor,
): Promise<InstructionOutcome> {
  const { now } = occasion
  const found = await store.instruction(actor.pseudonym, now)
  if (found === null) return refuse(INSTRUCTION_REFUSALS, 'no-instruction')
  const { instructedBy } = found
  const { id: event } = await log.append(
    actOf('instruction-ended', occasion, actor, { instructedBy, until: now }),
  )
  return (await store.endInstruction(actor.pseudonym, now))
    ? { ok: true, instruction: { ...found, until: now }, event }
    : refuse(INSTRUCTION_REFUSALS, 'no-instruction')
}

function actOf(
  kind: 'instruction-stated' | 'instruction-ended',
  { bundle, requestId }: Occasion,
  { pseudonym, processor, contract, role, unit }: Actor,
  { instructedBy, until }: Pick<Instruction, 'instructedBy' | 'until'>,
): EngagementAct {
  return {
    ...{ kind, requestId, operator: pseudonym, processor, contract, role, unit, instructedBy },
    policyVersion: bundle.version,
    detail: { until_us: String(until) },
  }
}
