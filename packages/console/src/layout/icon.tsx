import type { JSX } from 'hono/jsx/jsx-runtime'
import { assetUrl } from '../assets/assets.ts'

/** An icon of the design system; silent for screen readers: the words beside it speak. */
export function Icon({ name, class: more = '' }: { name: string; class?: string }): JSX.Element {
  return (
    <svg class={`icon ${more}`} aria-hidden="true" focusable="false">
      <use href={`${assetUrl('sprites.svg')}#it-${name}`}></use>
    </svg>
  )
}
