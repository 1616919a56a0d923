import { storedRelation, type Relation, type Resource } from '@varco/policy'
import pg from 'pg'

export function column(name: string): string {
  return `r.${pg.escapeIdentifier(name)}`
}

export function tableName(resource: Resource): string {
  return relationName(storedRelation(resource))
}

export function relationName({ schema, table }: Relation): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
}
