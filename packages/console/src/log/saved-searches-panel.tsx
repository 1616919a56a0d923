import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { LONGEST_NAME, type SavedSearch } from './saved-searches.ts'
import { logText } from './text.ts'

/** The person's searches, and the way to keep the one at hand. */
export function SavedSearchesPanel(props: {
  visit: Visit
  saved: readonly SavedSearch[]
  /** The filters at hand; `null` when there are none worth keeping. */
  query: string | null
}): JSX.Element | null {
  const { visit, saved, query } = props
  const t = logText[visit.locale]
  const session = visit.viewer?.session
  if (session === undefined || (saved.length === 0 && query === null)) return null
  return (
    <details class="panel saved" open={saved.length > 0}>
      <summary>
        <Icon name="star-outline" class="icon-primary icon-sm" /> {t.saved}
      </summary>
      {saved.length === 0 ? null : (
        <ul class="plain-list saved-list">
          {saved.map((search) => (
            <li>
              <a href={`/log?${search.query}`}>{search.name}</a>
              <form method="post" action="/log/searches/remove">
                <CsrfField session={session} />
                <input type="hidden" name="name" value={search.name} />
                <button type="submit" class="btn btn-outline-primary btn-xs">
                  {t.savedRemove}
                  <span class="visually-hidden">: {search.name}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {query === null ? null : (
        <form method="post" action="/log/searches" class="saved-new" autocomplete="off">
          <CsrfField session={session} />
          <input type="hidden" name="query" value={query} />
          <div class="field">
            <label for="search-name">{t.savedName}</label>
            <input
              id="search-name"
              name="name"
              type="text"
              class="form-control"
              required
              maxlength={LONGEST_NAME}
              aria-describedby="search-name-help"
            />
            <p class="hint" id="search-name-help">
              {t.savedHelp}
            </p>
          </div>
          <button type="submit" class="btn btn-outline-primary">
            {t.savedKeep}
          </button>
        </form>
      )}
    </details>
  )
}
