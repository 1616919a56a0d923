import type { Contract } from '@varco/policy'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import type { Visit } from '../visit/visit.ts'
import { contractWords } from './contract-words.ts'
import { contractsText } from './text.ts'

const SECTIONS = ['overview', 'people', 'drift', 'tickets', 'friction', 'life'] as const
export type ContractSection = (typeof SECTIONS)[number]

export function contractHref(contract: string, section: ContractSection): string {
  const page = `/contracts/${encodeURIComponent(contract)}`
  return section === 'overview' ? page : `${page}/${section}`
}

/** The frame of a contract's pages: its title, and the way between them. */
export function ContractFrame(props: {
  visit: Visit
  contract: Contract
  section: ContractSection
  lead: Child
  aside?: Child
  result?: ActResult
  children: Child
}): JSX.Element {
  const { visit, contract, section, lead, aside, result = null, children } = props
  const t = contractWords[visit.locale]
  const title = contract.document.title[visit.locale]
  const above = [{ title: contractsText[visit.locale].title, href: '/contracts' }]
  return (
    <Page
      visit={visit}
      title={section === 'overview' ? title : `${title}: ${t[section].toLowerCase()}`}
      above={
        section === 'overview' ? above : [...above, { title, href: contractHref(contract.id, 'overview') }]
      }
      lead={lead}
      aside={aside}
    >
      <ContractSections visit={visit} contract={contract} section={section} />
      <ActNote visit={visit} result={result} />
      {children}
    </Page>
  )
}

function ContractSections(props: {
  visit: Visit
  contract: Contract
  section: ContractSection
}): JSX.Element {
  const { visit, contract, section } = props
  const t = contractWords[visit.locale]
  return (
    <Sections
      label={t.sections}
      of={SECTIONS.map((each) => ({
        href: contractHref(contract.id, each),
        title: t[each],
        here: each === section,
      }))}
    />
  )
}
