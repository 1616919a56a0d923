import type { FieldName, PurposeId, RuleId } from '@varco/core'
import type { Deny, Permit, RowOutcome } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import type { Simulation, SimulationAnswer } from './simulation.ts'
import { policiesText } from './text.ts'
import { VisibilityMark } from './visibility-mark.tsx'

/** The policy's answer, with its reasons. */
export function SimulationResult(props: {
  visit: Visit
  simulation: Simulation
  answer: SimulationAnswer
}): JSX.Element {
  const { visit, simulation, answer } = props
  const t = policiesText[visit.locale]
  const { decision } = answer
  return (
    <section class="answer" aria-labelledby="answer-title" role="status">
      <h2 class="h4" id="answer-title">
        {t.answer}
      </h2>
      <p>
        {decision.effect === 'permit' ? (
          <span class="outcome outcome-permit">
            <Icon name="check-circle" class="icon-sm" />
            {t.permitted}
          </span>
        ) : (
          <span class="outcome outcome-deny">
            <Icon name="ban" class="icon-sm" />
            {t.denied}
          </span>
        )}
      </p>
      <Facts
        of={[
          [
            t.reasons,
            <ul class="plain-list">
              {decision.reasons.map(({ text, rule }) => (
                <li>
                  {text[visit.locale]} {rule === undefined ? null : <code>{rule}</code>}
                </li>
              ))}
            </ul>,
          ],
          [t.rulesUsed, decision.effect === 'permit' ? <RulesUsed visit={visit} permit={decision} /> : null],
          [t.obligations, decision.effect === 'permit' ? obligationsOf(visit, decision) : null],
        ]}
      />
      {decision.effect === 'deny' ? (
        <WhatIsMissing visit={visit} deny={decision} />
      ) : (
        <Fields
          visit={visit}
          resource={simulation.question.resource}
          permit={decision}
          outcomes={answer.outcomes}
        />
      )}
    </section>
  )
}

function RulesUsed({ visit, permit }: { visit: Visit; permit: Permit }): JSX.Element {
  const becauseOf = (id: RuleId): string | undefined =>
    visit.bundle.document.access.find((rule) => rule.id === id)?.because
  return (
    <ul class="plain-list">
      {permit.rules.map((id) => (
        <li>
          {becauseOf(id)} <code>{id}</code>
        </li>
      ))}
    </ul>
  )
}

function obligationsOf({ locale }: Visit, { obligations }: Permit): JSX.Element | null {
  const t = policiesText[locale]
  const words = [
    ...(obligations.ticket === 'open' ? [t.needsTicket] : []),
    ...(obligations.stepUp ? [t.needsStepUp] : []),
    ...(obligations.maxRecordsPerHour === null ? [] : [t.atMost(obligations.maxRecordsPerHour)]),
    ...obligations.notices.map((notice) => notice[locale]),
  ]
  if (words.length === 0) return null
  return (
    <ul class="plain-list">
      {words.map((word) => (
        <li>{word}</li>
      ))}
    </ul>
  )
}

function Fields(props: {
  visit: Visit
  resource: string
  permit: Permit
  outcomes: SimulationAnswer['outcomes']
}): JSX.Element {
  const { visit, resource, permit, outcomes } = props
  const t = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  if (outcomes === 'not-let-through') return <p class="alert alert-warning">{t.notThisRecord}</p>
  const best = new Map<FieldName, RowOutcome>(
    [...permit.fields].map(([field, { best: outcome, mask }]) => [field, { outcome, mask }]),
  )
  const caption = outcomes === null ? t.anyRecord : t.thisRecord
  return (
    <table class="table table-sm">
      <caption class="table-title">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t.field}</th>
          <th scope="col">{t.seen}</th>
        </tr>
      </thead>
      <tbody>
        {[...(outcomes ?? best)].map(([field, { outcome, mask }]) => (
          <tr>
            <th scope="row">
              {names.field(resource, field)} <code>{field}</code>
            </th>
            <td>
              <VisibilityMark outcome={outcome} mask={mask} locale={visit.locale} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function WhatIsMissing({ visit, deny }: { visit: Visit; deny: Deny }): JSX.Element {
  const t = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <>
      {deny.nearest.length === 0 ? null : (
        <>
          <h3 class="h6">{t.missing}</h3>
          <ul>
            {deny.nearest.map(({ rule, because, failed }) => (
              <li>
                {because} <code>{rule}</code>
                <ul>
                  {failed.map(({ text, expected }) => (
                    <li>
                      {text[visit.locale]}{' '}
                      {expected.length === 0 ? null : (
                        <span class="hint">({expected.map((id) => known(visit, id)).join(', ')})</span>
                      )}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
      {deny.nearestPurposes.length === 0 ? null : (
        <p>
          {t.otherPurposes}: {visit.formats.list(deny.nearestPurposes.map(names.purpose))}.
        </p>
      )}
    </>
  )
}

/** An id in words, whichever kind it is of; a clause stands for itself. */
function known({ bundle, locale }: Visit, id: string): string {
  return (
    bundle.purposes.get(id as PurposeId)?.title[locale] ??
    bundle.document.varco.roles[id]?.title[locale] ??
    [...bundle.contracts.values()].find((contract) => contract.id === id)?.document.title[locale] ??
    id
  )
}
