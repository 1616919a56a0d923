import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'

export interface ListTableProps {
  /** What the list is of, for those who hear it; shown with `titled`. */
  readonly caption: string
  readonly titled?: boolean
  readonly columns: readonly string[]
  /** A cell for each column; the first is what the row is of. */
  readonly rows: readonly (readonly Child[])[]
}

/** A list as a table; on a telephone each row becomes a card with its columns named. */
export function ListTable({ caption, titled = false, columns, rows }: ListTableProps): JSX.Element {
  return (
    <table class="table stacked" role="table">
      <caption class={titled ? 'table-title' : 'visually-hidden'}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(([first, ...others]) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {first}
            </th>
            {others.map((cell, index) => (
              <td role="cell" data-label={columns[index + 1]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
