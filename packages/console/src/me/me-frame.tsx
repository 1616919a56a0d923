import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { meText } from './text.ts'

const SECTIONS = [
  { name: 'title', href: '/me' },
  { name: 'alertsTitle', href: '/me/alerts' },
  { name: 'openingsTitle', href: '/me/openings' },
  { name: 'workTitle', href: '/me/work' },
] as const
type MeSection = (typeof SECTIONS)[number]['name']

/** The frame of a person's own pages: what the log, the watch and the vault have of them. */
export function MeFrame(props: {
  visit: Visit
  section: MeSection
  lead: string
  result?: ActResult
  children: Child
}): JSX.Element {
  const { visit, section, lead, result = null, children } = props
  const t = meText[visit.locale]
  const above = section === 'title' ? [] : [{ title: t.title, href: '/me' }]
  return (
    <Page visit={visit} title={t[section]} above={above} lead={lead}>
      <Sections
        label={t.sections}
        of={SECTIONS.map(({ name, href }) => ({ href, title: t[name], here: name === section }))}
      />
      <ActNote visit={visit} result={result} />
      {children}
    </Page>
  )
}
