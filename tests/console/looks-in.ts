/** Elements that end where they begin. */
const EMPTY = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'use', 'wbr'])
/** Attributes that make a difference to how an element looks or is heard, whatever they say. */
const PRESENT = ['aria-describedby', 'aria-label', 'disabled', 'href', 'open', 'required', 'tabindex']
/** Those whose value makes one. */
const SAID = ['aria-current', 'aria-hidden', 'aria-invalid', 'class', 'role', 'scope', 'type']
/** Within others they are told by their name alone. */
const PARTS = new Set(['nav', 'section', 'article', 'form', 'fieldset', 'table'])
/** What only holds other things, one beside the other. */
const HOLDERS = new Set(['', 'html', 'body', 'main', 'header', 'section', 'article'])
/** A `div` that does more than that. */
const SEEN_DIV = /class="[^"]*\b(?:alert|panel|empty|banner|columns|outcome)\b/

interface Open {
  readonly tag: string
  readonly name: string
  readonly looks: Set<string>
  /** Whether it stands in nothing but what holds other things. */
  readonly isOuter: boolean
  readonly isHolder: boolean
}

/**
 * What the parts of a page are made of, without what they say: elements with what makes a difference to a reader, each kind
 * among its siblings once, a part within a part by its name alone; and the order of the page's headings. Pages of which all
 * looks are known differ from others in their words, and in what of the same kind stands beside what.
 */
export function looksIn(page: string): readonly string[] {
  const found: string[] = []
  const open: Open[] = [{ tag: '', name: '', looks: new Set(), isOuter: true, isHolder: true }]
  let headings = ''
  const close = (): void => {
    const last = open.pop()
    if (last === undefined) return
    const { tag, name, looks, isOuter, isHolder } = last
    const look = `${tag}(${isHolder && isOuter ? '' : [...looks].join('')})`
    if (PARTS.has(name) || (isOuter && !isHolder)) found.push(look)
    open.at(-1)?.looks.add(PARTS.has(name) ? `<${name}>` : look)
  }
  for (const [, ending, name = '', attributes = '', text = ''] of page.matchAll(
    /<(\/?)([a-z][a-z0-9-]*)((?:[^">]|"[^"]*")*)>|([^<]+)/gi,
  )) {
    if (name === '') {
      if (text.trim() !== '') open.at(-1)?.looks.add('.')
    } else if (ending === '/') {
      close()
    } else {
      const kept = [
        ...PRESENT.filter((each) => new RegExp(`\\s${each}(?:=|\\s|$)`).test(attributes)),
        ...SAID.flatMap((each) => new RegExp(`\\s${each}="[^"]*"`).exec(attributes)?.[0] ?? []),
      ]
      if (/^h[1-6]$/.test(name) && !headings.endsWith(name)) headings += name
      const parent = open.at(-1)
      open.push({
        ...{ tag: `<${name}${kept.join('')}>`, name, looks: new Set() },
        isOuter: parent !== undefined && parent.isOuter && parent.isHolder,
        isHolder: HOLDERS.has(name) || (name === 'div' && !SEEN_DIV.test(attributes)),
      })
      if (EMPTY.has(name) || attributes.endsWith('/')) close()
    }
  }
  while (open.length > 1) close()
  return [...found, headings]
}
