import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Crumb } from '../layout/breadcrumb.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { retentionText } from './text.ts'

const SECTIONS = [
  { name: 'plans', href: '/retention' },
  { name: 'rules', href: '/retention/rules' },
  { name: 'events', href: '/retention/events' },
  { name: 'holds', href: '/retention/holds' },
  { name: 'restrictions', href: '/retention/restrictions' },
] as const

type SectionName = (typeof SECTIONS)[number]['name']

/** The pages above one that asks about an act of a section. */
export function pagesAbove({ locale }: Pick<Visit, 'locale'>, section: SectionName): readonly Crumb[] {
  const t = retentionText[locale]
  const of = SECTIONS.filter(({ name }) => name === section)
  return [
    { title: t.title, href: '/retention' },
    ...of.map(({ name, href }) => ({ title: t[`${name}Title`], href })),
  ]
}

export interface RetentionFrameProps {
  readonly visit: Visit
  readonly section: SectionName
  readonly result: ActResult
  readonly children: Child
}

/** The frame of the pages of retention. */
export function RetentionFrame({ visit, section, result, children }: RetentionFrameProps): JSX.Element {
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
