import type { Localized } from '@varco/core'
import type { ActLog } from '../act-log.ts'
import type { Refused } from '../refused.ts'
import type { WorkKeys } from './work-keys.ts'
import type { WorkStore } from './work-store.ts'

/** What every operation on declared work needs. */
export interface WorkDesk {
  readonly store: WorkStore
  readonly keys: WorkKeys
  readonly log: ActLog
}

/** A declaration says no more hours than this: a month of thirteen a day, without rest. */
export const MAX_HOURS = 400
export const MAX_PURPOSES = 20

export const WORK_REFUSALS = {
  'work-no-contract': {
    it: 'Il lavoro fuori sistema si dichiara sotto un contratto che la politica in vigore conosce.',
    en: 'Work off the system is declared under a contract that the bundle in force knows.',
  },
  'work-not-now': {
    it: 'Il gettone si ritira durante il mese e si consegna con la dichiarazione nel mese successivo.',
    en: 'A token is taken during its month and handed in with the declaration in the month after it.',
  },
  'work-bad-blinding': {
    it: 'Ciò che è stato inviato da firmare non è un messaggio accecato per la chiave del mese.',
    en: 'What was sent to be signed is no message blinded for the month’s key.',
  },
  'work-token-taken': {
    it: 'Il gettone di questo mese è già stato ritirato a tuo nome. Se non sei stato tu, dillo al responsabile della protezione dei dati.',
    en: 'This month’s token was taken in your name already. If it was not you, tell the data protection officer.',
  },
  'work-bad-token': {
    it: 'Il gettone non è di questo contratto e di questo mese, o non è firmato dalla loro chiave.',
    en: 'The token is not of this contract and month, or not signed by their key.',
  },
  'work-token-used': {
    it: 'Con questo gettone è già stata consegnata una dichiarazione.',
    en: 'A declaration was handed in with this token already.',
  },
  'work-bad-hours': {
    it: `Una dichiarazione elenca finalità della politica in vigore, ciascuna con ore intere, al più ${MAX_HOURS} in tutto.`,
    en: `A declaration lists purposes of the bundle in force, each with whole hours, ${MAX_HOURS} in all at most.`,
  },
} as const satisfies Record<string, Localized>

export type WorkRefusalCode = keyof typeof WORK_REFUSALS
export type WorkRefused = Refused<WorkRefusalCode>
