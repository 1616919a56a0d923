import type { JSX } from 'hono/jsx/jsx-runtime'
import { menuFor } from '../layout/menu.ts'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { TOPICS } from './help-topic.ts'
import { helpText } from './text.ts'

/** What each page is for, and the keys that lead to them. */
export function HelpPage({ visit }: { visit: Visit }): JSX.Element {
  const t = helpText[visit.locale]
  const keys = menuFor(visit).filter(({ key }) => key !== null)
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      <div class="prose">
        <nav aria-label={t.contents}>
          <ul class="chips">
            {TOPICS.map((topic) => (
              <li>
                <a class="filter-chip" href={`#${topic}`}>
                  {t.topics[topic].title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {TOPICS.map((topic) => (
          <section id={topic}>
            <h2 class="h5">{t.topics[topic].title}</h2>
            {t.topics[topic].paragraphs.map((paragraph) => (
              <p>{paragraph}</p>
            ))}
          </section>
        ))}
        <section id="keys">
          <h2 class="h5">{t.keysTitle}</h2>
          <p>{t.keysText}</p>
          <p>{t.skip}</p>
          {keys.length === 0 ? null : (
            <table class="table table-sm">
              <caption class="visually-hidden">{t.keysTitle}</caption>
              <thead>
                <tr>
                  <th scope="col">{t.key}</th>
                  <th scope="col">{t.page}</th>
                </tr>
              </thead>
              <tbody>
                {keys.map(({ key, title, href }) => (
                  <tr>
                    <th scope="row">
                      <kbd>{key}</kbd>
                    </th>
                    <td>
                      <a href={href}>{title}</a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      </div>
    </Page>
  )
}
