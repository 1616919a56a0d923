import type { JSX } from 'hono/jsx/jsx-runtime'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { homeText } from './text.ts'

/** The home page of somebody whose assignment opens nothing here. */
export function NoPagePage({ visit }: { visit: Visit }): JSX.Element {
  const t = homeText[visit.locale]
  return (
    <Page visit={visit} title={t.nothingForYouTitle}>
      <p>{t.nothingForYou}</p>
    </Page>
  )
}
