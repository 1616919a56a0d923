import type { StoredEvent } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import type { ProofVerdict } from './proof-verdict.ts'
import { eventText } from './text.ts'

/** Whether the event is in the signed log, and everything a sceptic needs to check it elsewhere. */
export function ProofSection(props: {
  visit: Visit
  event: StoredEvent
  verdict: ProofVerdict
}): JSX.Element {
  const { visit, event, verdict } = props
  const { proof } = verdict
  const t = eventText[visit.locale]
  return (
    <section class={`panel proof proof-${verdict.kind}`}>
      <h2 class="h5">{t.proofTitle}</h2>
      <Verdict visit={visit} verdict={verdict} />
      <Facts
        of={[
          [t.eventId, <code class="hash">{event.id}</code>],
          [t.requestId, <code class="hash">{event.requestId}</code>],
          [t.writer, <code>{event.writer}</code>],
        ]}
      />
      {proof === null ? null : (
        <>
          <details>
            <summary>
              {t.path} ({visit.formats.number(proof.path.length)})
            </summary>
            <ol class="hash-path">
              {proof.path.map((hash) => (
                <li>
                  <code class="hash">{hash}</code>
                </li>
              ))}
            </ol>
          </details>
          <details>
            <summary>{t.checkpoint}</summary>
            <pre tabindex={0}>{proof.checkpoint}</pre>
          </details>
          <details>
            <summary>{t.raw}</summary>
            <p class="hint">{t.rawHelp}</p>
            <pre tabindex={0} class="wrap">
              {proof.body}
            </pre>
          </details>
        </>
      )}
    </section>
  )
}

function Verdict({ visit, verdict }: { visit: Visit; verdict: ProofVerdict }): JSX.Element {
  const t = eventText[visit.locale]
  const { number } = visit.formats
  if (verdict.kind === 'proven') {
    const { index, size } = verdict.proof
    return (
      <>
        <p class="verdict">
          <Icon name="check-circle" class="icon-success" />
          {t.proven}
        </p>
        <p>{t.provenText(number(BigInt(index) + 1n), number(BigInt(size)))}</p>
      </>
    )
  }
  return (
    <div role="alert">
      <p class="verdict">
        <Icon name="close-circle" class="icon-danger" />
        {t.broken}
      </p>
      <p>{t.faults[verdict.fault]}</p>
      <p>{t.brokenText}</p>
    </div>
  )
}
