import { microsToIso, type Locale } from '@varco/core'
import type { ExitDossier, ExitParty } from '@varco/engagement'
import type { Bundle } from '@varco/policy'
import { UnknownContractError } from '../errors.ts'
import { frameOf, type Titled } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf } from '../report/titles.ts'
import {
  contractStateOf,
  copyEndOf,
  copyKindOf,
  disposalOf,
  exitCauseOf,
  exitPartyOf,
  lifeStepOf,
} from './exit-wording.ts'
import type { ExitCertificate, ExitCertificateContent } from './exit-certificate.ts'

export interface ExitCertificateDeps extends MakingDeps {
  readonly bundle: Bundle
}

/**
 * The certificate of a contract's exit; of one that is still under way, what is missing.
 * @throws UnknownContractError when the bundle does not know the contract
 * @throws UnavailableError when the making cannot be recorded
 */
export async function makeExitCertificate(
  deps: ExitCertificateDeps,
  dossier: ExitDossier,
  { locale, requestedBy }: { readonly locale: Locale; readonly requestedBy: string },
): Promise<ExitCertificate> {
  const { bundle } = deps
  const { exit, moves, copies, missing, copiesLeft, overdue, state } = dossier
  const contract = bundle.contracts.get(exit.contract)
  if (contract === undefined) throw new UnknownContractError()
  const say = sayIn(locale)
  const titles = titlesOf(bundle, say)
  const { document } = contract
  const successor = exit.successor === null ? undefined : bundle.contracts.get(exit.successor)
  const content: ExitCertificateContent = {
    format: 'varco/exit-certificate',
    ...frameOf(bundle, locale),
    contract: {
      id: contract.id,
      reference: document.reference,
      title: say.of(document.title),
      company: titles.company(contract.processor),
      from: document.from,
      to: document.to,
    },
    complete: exit.choice !== null && missing.length === 0 && copiesLeft === 0 && exit.verified !== null,
    cause: exitCauseOf(exit.cause, say),
    state: state === null ? null : contractStateOf(state, say),
    opened: { at: microsToIso(exit.openedAt), by: exit.openedBy },
    due: microsToIso(exit.dueAt),
    overdue,
    successor:
      exit.successor === null
        ? null
        : {
            id: exit.successor,
            title: successor === undefined ? exit.successor : say.of(successor.document.title),
          },
    tickets_moved: exit.ticketsMoved,
    grants_revoked: exit.grantsRevoked,
    choice:
      exit.choice === null
        ? null
        : {
            kind: disposalOf(exit.choice.kind, say),
            at: microsToIso(exit.choice.at),
            by: exit.choice.by,
          },
    declarations: exit.declarations.map((declaration) => ({
      ...partyOf(declaration, say),
      document: declaration.document,
      signed_on: declaration.signedOn,
      recorded_by: declaration.recordedBy,
      recorded_at: microsToIso(declaration.recordedAt),
    })),
    missing: missing.map((party) => partyOf(party, say)),
    copies: copies.map((copy) => ({
      id: copy.id,
      kind: copyKindOf(copy.kind, say),
      owner: copy.owner,
      purpose: copy.purpose === null ? null : purposeOf(titles.purpose(copy.purpose)),
      event: copy.event,
      records: copy.records,
      made_at: microsToIso(copy.madeAt),
      end:
        copy.settled === null
          ? null
          : {
              how: copyEndOf(copy.settled.how, say),
              by: copy.settled.by,
              at: microsToIso(copy.settled.at),
              reason: copy.settled.reason,
            },
    })),
    verified:
      exit.verified === null
        ? null
        : { by: exit.verified.by, second: exit.verified.second, at: microsToIso(exit.verified.at) },
    steps: moves.map(({ at, move, by, second, reason }) => ({
      at: microsToIso(at),
      step: lifeStepOf(move, say),
      by,
      second,
      reason,
    })),
  }
  return recordMaking(deps, content, { requestedBy })
}

function partyOf({ kind, name }: ExitParty, say: Say): { kind: Titled; name: string } {
  return { kind: exitPartyOf(kind, say), name }
}

function purposeOf({ id, title }: Titled): Titled {
  return { id, title }
}
