import {
  COPY_ENDS,
  CONTRACT_MOVE_NAMES,
  CONTRACT_MOVES,
  isOver,
  moveFrom,
  type ContractMove,
  type ContractMoveName,
  type ContractState,
  type ExitDossier,
  type ExitParty,
  type MoveProposal,
  type TakenMove,
} from '@varco/engagement'
import type { Contract } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { ChoiceGroup, LongTextField, SelectField, TextField, type Option } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import { ReportLink } from '../reports/report-link.tsx'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'
import { choiceAct, declarationAct, moveAct, settlementAct } from './life-acts.ts'

export interface LifePageProps {
  readonly visit: Visit
  readonly contract: Contract
  readonly state: ContractState | null
  readonly moves: readonly TakenMove[]
  readonly proposal: MoveProposal | null
  readonly dossier: ExitDossier | null
  readonly result: ActResult
  /** Whoever looks, under their own pseudonym; `null`: may only look. */
  readonly manager: string | null
}

/** Copies listed; a contract under which more left is settled by the command. */
const COPIES_LISTED = 200

/** The contract's steps, what waits for a second person, and its exit step by step. */
export function LifePage(props: LifePageProps): JSX.Element {
  const { visit, contract, state, result } = props
  const t = contractWords[visit.locale]
  return (
    <ContractFrame
      visit={visit}
      contract={contract}
      section="life"
      lead={t.lifeLead}
      result={result}
      aside={
        props.dossier === null ? null : (
          <ReportLink visit={visit} kind="exit" of={{ contract: contract.id }}>
            {t.asDocument}
          </ReportLink>
        )
      }
    >
      <div class="event-columns">
        <div>
          {state === null ? (
            <p class="alert alert-danger">{t.unknownState}</p>
          ) : (
            <Facts
              of={[
                [t.stateNow, t.states[state.state]],
                [isOver(state) ? t.endedOn : t.since, visit.formats.exact(state.since)],
              ]}
            />
          )}
          <Exit {...props} />
          <Steps {...props} />
        </div>
        <div class="acts">
          <Acts {...props} />
        </div>
      </div>
    </ContractFrame>
  )
}

function Steps({ visit, moves }: LifePageProps): JSX.Element {
  const t = contractWords[visit.locale]
  return (
    <section>
      <h2 class="h5">{t.stepsTitle}</h2>
      {moves.length === 0 ? (
        <p>{t.noSteps}</p>
      ) : (
        <ol class="history">
          {moves.map(({ move, at, by, second, reason }) => (
            <li>
              <time datetime={visit.formats.machine(at)}>{visit.formats.instant(at)}</time>
              <strong>{t.moves[move][0]}</strong>, {t.stepBy(by, second)}
              <p class="said">{reason}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Exit({ visit, dossier }: LifePageProps): JSX.Element {
  const t = contractWords[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { formats } = visit
  if (dossier === null)
    return (
      <section>
        <h2 class="h5">{t.exitTitle}</h2>
        <p>{t.noExit}</p>
      </section>
    )
  const { exit, overdue } = dossier
  return (
    <section>
      <h2 class="h5">{t.exitTitle}</h2>
      {overdue ? <p class="alert alert-danger">{t.late}</p> : null}
      <Facts
        of={[
          [t.cause, t.causes[exit.cause]],
          [t.opened, formats.exact(exit.openedAt)],
          [t.due, formats.exact(exit.dueAt)],
          [t.successor, exit.successor === null ? t.theBody : names.contract(exit.successor)],
          [t.ticketsMoved, formats.number(exit.ticketsMoved)],
          [t.grantsRevoked, formats.number(exit.grantsRevoked)],
          [
            t.choice,
            exit.choice === null
              ? t.choiceOpen
              : `${t.choices[exit.choice.kind]}, ${formats.day(exit.choice.at)}, ${exit.choice.by}`,
          ],
          [t.verifiedBy, exit.verified === null ? null : formats.exact(exit.verified.at)],
          [t.closedOn, exit.closedAt === null ? null : formats.exact(exit.closedAt)],
        ]}
      />
      <Declarations visit={visit} dossier={dossier} />
      <Copies visit={visit} dossier={dossier} />
    </section>
  )
}

function Declarations({ visit, dossier }: { visit: Visit; dossier: ExitDossier }): JSX.Element {
  const t = contractWords[visit.locale]
  const { parties, declarations } = dossier.exit
  return (
    <>
      <h3 class="h6">{t.declarations}</h3>
      <ul class="plain-list spaced">
        {parties.map((party) => {
          const declared = declarations.find(({ kind, name }) => kind === party.kind && name === party.name)
          return (
            <li>
              <StateBadge
                tone={declared === undefined ? 'warning' : 'permit'}
                icon={declared === undefined ? 'clock' : 'check'}
              >
                {declared === undefined
                  ? t.missing
                  : t.declared(visit.formats.calendarDay(declared.signedOn))}
              </StateBadge>{' '}
              {partyInWords(visit, party)}
              {declared === undefined ? null : (
                <small class="d-block">
                  <code class="hash">{declared.document}</code>
                </small>
              )}
            </li>
          )
        })}
      </ul>
      {declarations.length === 0 ? null : <p>{t.signatureUnchecked}</p>}
    </>
  )
}

function Copies({ visit, dossier }: { visit: Visit; dossier: ExitDossier }): JSX.Element {
  const t = contractWords[visit.locale]
  const { copies } = dossier
  if (copies.length === 0)
    return (
      <>
        <h3 class="h6">{t.copies}</h3>
        <p>{t.copiesNone}</p>
      </>
    )
  return (
    <>
      <h3 class="h6">{t.copies}</h3>
      <ListTable
        caption={t.copies}
        columns={[t.copy, t.madeBy, t.madeOn, t.becameOf]}
        rows={copies
          .slice(0, COPIES_LISTED)
          .map(({ id, owner, madeAt, settled }) => [
            <code>{id}</code>,
            <code>{owner}</code>,
            visit.formats.day(madeAt),
            settled === null ? t.unsettled : `${t.ends[settled.how]}: ${settled.reason}`,
          ])}
      />
    </>
  )
}

function Acts(props: LifePageProps): JSX.Element {
  const { visit, contract, state, proposal, dossier, result, manager } = props
  const t = contractWords[visit.locale]
  const possible =
    state === null || manager === null
      ? []
      : CONTRACT_MOVE_NAMES.filter((name) => moveFrom(state.state, name) !== null)
  const exit = manager === null ? null : openExit(dossier)
  return (
    <>
      {proposal === null ? null : <Proposal visit={visit} proposal={proposal} manager={manager} />}
      {exit === null ? null : <ExitActs visit={visit} contract={contract} dossier={exit} result={result} />}
      {possible.map((name) => (
        <MoveForm {...props} name={name} />
      ))}
      {possible.length === 0 && exit === null ? <p class="panel">{t.nothingToDo}</p> : null}
    </>
  )
}

/** Only an exit that nobody has verified yet can be worked on. */
function openExit(dossier: ExitDossier | null): ExitDossier | null {
  return dossier === null || dossier.exit.verified !== null || dossier.exit.closedAt !== null ? null : dossier
}

function Proposal(props: { visit: Visit; proposal: MoveProposal; manager: string | null }): JSX.Element {
  const { visit, proposal, manager } = props
  const t = contractWords[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { move, pseudonym, at, reason, successor } = proposal
  return (
    <section class="panel act">
      <h2 class="h5">{t.proposalTitle}</h2>
      <p>
        <strong>{t.moves[move][0]}</strong>. {t.proposedBy(pseudonym, visit.formats.instant(at))}
      </p>
      <Facts
        of={[
          [t.reasonLabel, <p class="said">{reason}</p>],
          [
            t.successor,
            CONTRACT_MOVES[move].stops ? (successor === null ? t.theBody : names.contract(successor)) : null,
          ],
        ]}
      />
      {pseudonym === manager ? <p class="mb-0">{t.ownProposal}</p> : null}
    </section>
  )
}

function MoveForm(props: LifePageProps & { name: ContractMoveName }): JSX.Element {
  const { visit, contract, proposal, result, manager, name } = props
  const t = contractWords[visit.locale]
  const move: ContractMove = CONTRACT_MOVES[name]
  const isSecond = proposal?.move === name && proposal.pseudonym !== manager
  return (
    <ActForm visit={visit} act={moveAct(visit, contract, name, isSecond)}>
      {move.stops ? (
        <SelectField
          name="successor"
          id={`${name}-successor`}
          label={t.successor}
          options={successors(visit, contract)}
          value={proposal?.move === name ? (proposal.successor ?? '') : ''}
          result={null}
        />
      ) : null}
      <LongTextField
        name="reason"
        id={`${name}-reason`}
        label={t.reasonLabel}
        help={t.reasonHelp}
        minlength={10}
        result={result}
      />
    </ActForm>
  )
}

/** The other contracts that are not over, and the body itself. */
function successors({ bundle, locale, now }: Visit, { id }: Contract): readonly Option[] {
  const names = namesOf(bundle, locale)
  return [
    { value: '', title: contractWords[locale].theBody },
    ...[...bundle.contracts.values()]
      .filter((other) => other.id !== id && now < other.to)
      .map((other) => ({
        value: other.id,
        title: `${names.processor(other.processor)}, ${names.contract(other.id)}`,
      })),
  ]
}

function ExitActs(props: {
  visit: Visit
  contract: Contract
  dossier: ExitDossier
  result: ActResult
}): JSX.Element {
  const { visit, contract, dossier, result } = props
  const t = contractWords[visit.locale]
  const left = dossier.copies.filter(({ settled }) => settled === null).slice(0, COPIES_LISTED)
  return (
    <>
      {dossier.exit.choice === null ? (
        <ActForm visit={visit} act={choiceAct(visit, contract)}>
          <ChoiceGroup
            name="choice"
            label={t.chooseLabel}
            options={[
              { value: 'return', title: t.chooseReturn },
              { value: 'deletion', title: t.chooseDeletion },
            ]}
            result={result}
          />
        </ActForm>
      ) : null}
      {dossier.missing.map((party) => (
        <Declaration visit={visit} contract={contract} party={party} result={result} />
      ))}
      {left.length === 0 ? null : (
        <ActForm visit={visit} act={settlementAct(visit, contract)}>
          <SelectField
            name="copy"
            label={t.copy}
            options={left.map(({ id, owner, madeAt }) => ({
              value: id,
              title: `${id}, ${owner}, ${visit.formats.day(madeAt)}`,
            }))}
            result={result}
          />
          <ChoiceGroup
            name="how"
            label={t.settleHow}
            options={COPY_ENDS.map((how) => ({ value: how, title: t.ends[how] }))}
            result={result}
          />
          <LongTextField
            name="reason"
            id="copy-reason"
            label={t.settleReason}
            minlength={10}
            result={result}
          />
        </ActForm>
      )}
    </>
  )
}

function Declaration(props: {
  visit: Visit
  contract: Contract
  party: ExitParty
  result: ActResult
}): JSX.Element {
  const { visit, contract, party, result } = props
  const t = contractWords[visit.locale]
  const form = declarationForm(party.kind, party.name)
  return (
    <ActForm visit={visit} act={declarationAct(visit, contract, partyInWords(visit, party))}>
      <input type="hidden" name="party" value={party.kind} />
      <input type="hidden" name="name" value={party.name} />
      <TextField
        name="document"
        id={`${form}-document`}
        label={t.document}
        help={t.documentHelp}
        maxlength={64}
        result={result}
      />
      <TextField name="signedOn" id={`${form}-signedOn`} type="date" label={t.signedOn} result={result} />
    </ActForm>
  )
}

/** Of the forms that declare what became of the data, which one: before the ids of its fields. */
export function declarationForm(kind: string, name: string): string {
  return `${kind}-${name}`.replaceAll(/[^A-Za-z0-9-]/g, '-')
}

export function partyInWords({ locale }: Visit, { kind, name }: ExitParty): string {
  return `${name} (${contractWords[locale].parties[kind]})`
}
