import { faultFields, UnavailableError, type Diagnostics, type RequestId } from '@varco/core'
import { problemResponse } from './problems/problem-response.ts'
import { unavailable } from './problems/problems.ts'
import type { Refusal } from './refusal.ts'
import { recordFault } from './steps/record-fault.ts'
import type { Visit } from './visit.ts'

/** As many requests are under way as there may be. */
export const BUSY = unavailable('busy')

/** What it was is for the technical log; the caller learns nothing from it. */
const FAULT: Refusal = {
  refused: true,
  status: 500,
  code: 'internal',
  text: { it: 'Errore interno: nessun dato è stato mostrato.', en: 'Internal error: no data was shown.' },
}

/** What a request that failed is answered with, once the technical log has been told. */
export function faultOf(error: unknown, request: RequestId, diagnostics: Diagnostics): Refusal {
  if (error instanceof UnavailableError) {
    diagnostics.warn('a request found a service away', { service: error.service, request })
    return unavailable()
  }
  diagnostics.error('a request failed', { ...faultFields(error), request })
  return FAULT
}

export async function answerFault(visit: Visit, fault: Refusal): Promise<Response> {
  return problemResponse(fault, { ...visit, event: await recordFault(visit, fault) })
}
