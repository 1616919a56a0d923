import { Hono } from 'hono'
import { HelpPage } from '../help/help-page.tsx'
import { asHtml } from '../layout/document.tsx'
import type { ConsoleEnv } from '../visit/visit.ts'
import { AccessibilityPage } from './accessibility-page.tsx'

/** Pages for everybody, signed in or not. */
export function aboutRoutes(): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/accessibility', (c) => c.html(asHtml(<AccessibilityPage visit={c.var.visit} />)))
    .get('/help', (c) => c.html(asHtml(<HelpPage visit={c.var.visit} />)))
}
