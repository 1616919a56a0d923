import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { layoutText } from './text.ts'

export function Footer({ visit }: { visit: Visit }): JSX.Element {
  const t = layoutText[visit.locale]
  const { controller } = visit.bundle.document.varco
  return (
    <footer class="it-footer">
      <div class="it-footer-main">
        <div class="container">
          <div class="row pt-4 pb-3">
            <section class="col-md-4 pb-3">
              <h2 class="h6">{t.footerControllerTitle}</h2>
              <p class="mb-0">
                {controller.name}
                {controller.contact.address === undefined ? null : (
                  <>
                    <br />
                    {controller.contact.address}
                  </>
                )}
              </p>
            </section>
            <section class="col-md-4 pb-3">
              <h2 class="h6">{t.footerDpoTitle}</h2>
              <p class="mb-0">
                {controller.dpo.name}
                <br />
                <a href={`mailto:${controller.dpo.email}`}>{controller.dpo.email}</a>
              </p>
            </section>
            <section class="col-md-4 pb-3">
              <h2 class="h6">{t.supervisor}</h2>
              <p class="mb-0">
                {controller.supervisor.name}
                <br />
                <WebLink address={controller.supervisor.web} />
              </p>
            </section>
          </div>
        </div>
      </div>
      <div class="it-footer-small-prints">
        <div class="container">
          <ul class="it-footer-small-prints-list small-prints list-inline mb-0">
            <li class="it-small-print">
              <a href="/help">{t.help}</a>
            </li>
            <li class="it-small-print">
              <a href="/accessibility">{t.accessibility}</a>
            </li>
            <li class="it-small-print">
              <a href="/verify">{t.verify}</a>
            </li>
            <li class="it-small-print">{t.everyReadingIsRecorded}</li>
            <li class="it-small-print">
              {t.timesIn(visit.timeZone)}{' '}
              <a href={`/time-zone?to=${encodeURIComponent(visit.url.pathname + visit.url.search)}`}>
                {t.zoneChange}
              </a>
            </li>
            <li class="it-small-print">
              {t.policyInForce} <code title={visit.bundle.version}>{visit.bundle.version.slice(0, 12)}</code>
            </li>
          </ul>
        </div>
      </div>
    </footer>
  )
}

/** A link only where the address is one of the web: the bundle's schema lets any scheme through. */
function WebLink({ address }: { address: string }): JSX.Element {
  return /^https?:\/\//i.test(address) ? (
    <a href={address} rel="noreferrer">
      {address.replace(/^https?:\/\//i, '').replace(/\/$/, '')}
    </a>
  ) : (
    <>{address}</>
  )
}
