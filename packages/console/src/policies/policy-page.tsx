import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { policiesText } from './text.ts'

const SECTIONS = [
  { name: 'overview', href: '/policies' },
  { name: 'matrix', href: '/policies/matrix' },
  { name: 'simulator', href: '/policies/simulator' },
  { name: 'versions', href: '/policies/versions' },
  { name: 'shadow', href: '/policies/shadow' },
] as const

export type PolicySection = (typeof SECTIONS)[number]['name']

/** The frame of the pages on policies: title, and the way to the other sections. */
export function PolicyPage(props: {
  visit: Visit
  section: PolicySection
  title: string
  lead: string
  children: Child
}): JSX.Element {
  const { visit, section, title, lead, children } = props
  const t = policiesText[visit.locale]
  return (
    <Page
      visit={visit}
      title={title}
      above={section === 'overview' ? [] : [{ title: t.title, href: '/policies' }]}
      lead={lead}
    >
      <Sections
        label={t.sections}
        of={SECTIONS.map(({ name, href }) => ({ href, title: t[name], here: name === section }))}
      />
      {children}
    </Page>
  )
}
