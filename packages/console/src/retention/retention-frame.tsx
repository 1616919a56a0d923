import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { retentionText } from './text.ts'

const SECTIONS = [
  { name: 'plans', href: '/retention' },
  { name: 'rules', href: '/retention/rules' },
  { name: 'holds', href: '/retention/holds' },
  { name: 'restrictions', href: '/retention/restrictions' },
] as const

/** The frame of the pages of retention. */
export function RetentionFrame(props: {
  visit: Visit
  section: (typeof SECTIONS)[number]['name']
  result: ActResult
  children: Child
}): JSX.Element {
  const { visit, section, result, children } = props
  const t = retentionText[visit.locale]
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t[`${section}Lead`]}>
      <Sections
        label={t.sections}
        of={SECTIONS.map(({ name, href }) => ({ href, title: t[`${name}Title`], here: name === section }))}
      />
      <ActNote visit={visit} result={result} />
      {children}
    </Page>
  )
}
