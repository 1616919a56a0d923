import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { requestsText } from './text.ts'

const SECTIONS = [
  { name: 'list', href: '/requests' },
  { name: 'closed', href: '/requests/all' },
  { name: 'calendar', href: '/requests/calendar' },
  { name: 'notices', href: '/requests/notices' },
] as const

/** The frame of the lists of requests, and the way to take a new one in. */
export function RequestsFrame(props: {
  visit: Visit
  section: (typeof SECTIONS)[number]['name']
  children: Child
}): JSX.Element {
  const { visit, section, children } = props
  const t = requestsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.title}
      above={[]}
      lead={t.lead}
      aside={
        <a class="btn btn-primary btn-icon" href="/requests/new">
          <Icon name="plus" class="icon-white me-2" />
          <span>{t.receive}</span>
        </a>
      }
    >
      <Sections
        label={t.sections}
        of={SECTIONS.map(({ name, href }) => ({ href, title: t[name], here: name === section }))}
      />
      {children}
    </Page>
  )
}
