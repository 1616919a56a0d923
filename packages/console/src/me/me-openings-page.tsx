import type { Opening } from '@varco/access-log'
import type { Pseudonym } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { MeFrame } from './me-frame.tsx'
import { meText } from './text.ts'

export interface OwnOpening extends Opening {
  readonly pseudonym: Pseudonym
}

/** Who opened the identity behind the person's own pseudonyms, for which case and why. */
export function MeOpeningsPage(props: { visit: Visit; openings: readonly OwnOpening[] }): JSX.Element {
  const { visit, openings } = props
  const t = meText[visit.locale]
  return (
    <MeFrame visit={visit} section="openingsTitle" lead={t.openingsLead}>
      {openings.length === 0 ? (
        <Empty icon="locked">{t.noOpenings}</Empty>
      ) : (
        <ListTable
          caption={t.openingsTitle}
          columns={[t.openedAt, t.pseudonym, t.openedCase, t.openedReason, t.openedBy]}
          rows={openings.map(({ at, pseudonym, caseId, reason, requestedBy, approvedBy }) => [
            <time datetime={visit.formats.machine(at)}>{visit.formats.instant(at)}</time>,
            <code>{pseudonym}</code>,
            caseId,
            reason,
            t.askedAndApproved(requestedBy, approvedBy),
          ])}
        />
      )}
    </MeFrame>
  )
}
