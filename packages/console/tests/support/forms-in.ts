/** A form as it stands in a page of the console. */
export interface FormOnPage {
  readonly method: 'get' | 'post'
  readonly action: string
  readonly fields: readonly FieldOnPage[]
}

export interface FieldOnPage {
  readonly name: string
  readonly type: string
  /** As it stands; of a choice the one that is made, of a box or a file nothing. */
  readonly value: string
  /** What can be chosen; empty where anything can be written. */
  readonly choices: readonly string[]
  readonly longest: number | null
}

/** The forms of a page, read from its markup, in which every attribute is quoted and every text escaped. */
export function formsIn(page: string): readonly FormOnPage[] {
  return [...page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', inside = '']) => ({
    method: attribute(attributes, 'method') === 'post' ? 'post' : 'get',
    action: attribute(attributes, 'action') ?? '',
    fields: fieldsIn(inside),
  }))
}

function fieldsIn(form: string): readonly FieldOnPage[] {
  const fields = new Map<string, FieldOnPage>()
  const parts = form.matchAll(
    /<input\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g,
  )
  for (const [, input, area, text = '', select, options = ''] of parts) {
    const attributes = input ?? area ?? select ?? ''
    const name = attribute(attributes, 'name')
    if (name === null) continue
    const longest = attribute(attributes, 'maxlength')
    const field = { name, longest: longest === null ? null : Number(longest) }
    if (select !== undefined) {
      const all = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, option = '']) => option)
      const chosen = all.find((option) => /\sselected\b/.test(option)) ?? all[0] ?? ''
      const choices = all.map((option) => attribute(option, 'value') ?? '')
      fields.set(name, { ...field, type: 'select', value: attribute(chosen, 'value') ?? '', choices })
    } else if (area !== undefined) {
      fields.set(name, { ...field, type: 'textarea', value: plain(text), choices: [] })
    } else {
      const type = attribute(attributes, 'type') ?? 'text'
      const value = attribute(attributes, 'value') ?? ''
      const isChoice = type === 'radio' || type === 'checkbox'
      const isMade = isChoice ? /\schecked\b/.test(attributes) : type !== 'file'
      const before = fields.get(name)
      fields.set(name, {
        ...{ ...field, type },
        value: isMade ? value : (before?.value ?? ''),
        choices: isChoice ? [...(before?.choices ?? []), value] : [],
      })
    }
  }
  return [...fields.values()]
}

function attribute(attributes: string, name: string): string | null {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(attributes) ?? []
  return value === undefined ? null : plain(value)
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}

function plain(text: string): string {
  return text.replaceAll(/&(?:quot|#39|lt|gt|amp);/g, (each) => ESCAPED[each] ?? each)
}
