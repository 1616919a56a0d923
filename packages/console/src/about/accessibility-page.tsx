import type { JSX } from 'hono/jsx/jsx-runtime'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { aboutText } from './text.ts'

/** The statement asked for by Directive (EU) 2016/2102 and, in Italy, by AGID. */
export function AccessibilityPage({ visit }: { visit: Visit }): JSX.Element {
  const t = aboutText[visit.locale]
  const { controller } = visit.bundle.document.varco
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead(controller.name)}>
      <div class="prose">
        {t.sections.map(({ title, paragraphs }) => (
          <section>
            <h2 class="h5">{title}</h2>
            {paragraphs.map((paragraph) => (
              <p>{paragraph}</p>
            ))}
          </section>
        ))}
        <section>
          <h2 class="h5">{t.feedbackTitle}</h2>
          <p>
            {t.feedback} <a href={`mailto:${controller.contact.email}`}>{controller.contact.email}</a>
          </p>
        </section>
        <section>
          <h2 class="h5">{t.enforcementTitle}</h2>
          <p>{t.enforcement}</p>
        </section>
      </div>
    </Page>
  )
}
