import type { Assignment } from '@varco/engagement'
import type { Contract } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'

/** Who works under the contract, by pseudonym: role, unit and time, and nothing of how much. */
export function PeoplePage(props: {
  visit: Visit
  contract: Contract
  assignments: readonly Assignment[]
}): JSX.Element {
  const { visit, contract, assignments } = props
  const t = contractWords[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { day, machine } = visit.formats
  const now = assignments.filter((assignment) => holds(assignment, visit.now))
  const ordered = [...now, ...assignments.filter((assignment) => !now.includes(assignment))]
  return (
    <ContractFrame visit={visit} contract={contract} section="people" lead={t.peopleLead}>
      {ordered.length === 0 ? (
        <Empty>{t.peopleNone}</Empty>
      ) : (
        <>
          <p>{t.peopleNow(now.length, ordered.length)}</p>
          <ListTable
            caption={t.peopleCaption}
            columns={[t.pseudonym, t.role, t.unit, t.since, t.until]}
            rows={ordered.map((assignment) => [
              <code>{assignment.pseudonym}</code>,
              names.role(assignment.role),
              names.unit(assignment.unit),
              <time datetime={machine(assignment.from)}>{day(assignment.from)}</time>,
              assignment.to === null ? (
                t.stillThere
              ) : (
                <time datetime={machine(assignment.to)}>{day(assignment.to)}</time>
              ),
            ])}
          />
          <p class="hint">{t.readingRecorded}</p>
        </>
      )}
    </ContractFrame>
  )
}

function holds({ from, to }: Assignment, now: bigint): boolean {
  return from <= now && (to === null || now < to)
}
