import type { PlanPapers } from '@varco/console'
import { canonicalJson, microsToDate, type Json, type Micros } from '@varco/core'
import { csvRow, renderDocumentAsPdf, toCsv, type ReportDocument } from '@varco/reports'
import { LIST_COLUMNS, listedRecords, type ListedRecord, type RetentionDesk } from '@varco/retention'
import { planJson } from '../commands/retention-plan-text.ts'
import { disposalListDocument } from './disposal-list-document.ts'
import { minutesDocument } from './minutes-document.ts'

/** The list an outside authority agrees to and the minutes of a plan's approval. */
export function planPapers(desk: Pick<RetentionDesk, 'bundle' | 'store' | 'records'>): PlanPapers {
  return {
    list: (plan, format) => {
      const pages = () => listedRecords(desk, plan)
      return format === 'csv'
        ? listCsv(pages())
        : pdfOf(disposalListDocument(desk.bundle(), plan, pages), planJson(plan), plan.plannedAt)
    },
    minutes: (plan) => pdfOf(minutesDocument(desk.bundle(), plan), planJson(plan), plan.plannedAt),
  }
}

/** A document of retention, with what it says attached as JSON. */
export function pdfOf(document: ReportDocument, json: Json, at: Micros): AsyncIterable<Uint8Array> {
  const pieces = async function* () {
    yield canonicalJson(json)
  }
  return renderDocumentAsPdf(document, { name: 'retention.json', at: microsToDate(at), json: pieces() })
}

async function* listCsv(pages: AsyncIterable<readonly ListedRecord[]>): AsyncGenerator<string> {
  yield toCsv(LIST_COLUMNS, [])
  for await (const records of pages) {
    yield records.map(({ rule, resource, key, from }) => csvRow([rule, resource, key, from ?? ''])).join('')
  }
}
