import type { MiddlewareHandler } from 'hono'

/**
 * What a browser may do with a page: load from here only, run and style nothing inline, send forms nowhere
 * else, be framed by nobody.
 */
export function securityHeaders(consoleUrl: URL): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    // `data:` for the drawings and the icon font inside the design system's stylesheet.
    "img-src 'self' data:",
    // The progress of a run, and previews.
    "connect-src 'self'",
    "font-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
  const headers: Readonly<Record<string, string>> = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    ...(consoleUrl.protocol === 'https:' ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  }
  return async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    // Pages show personal data: no cache keeps them. Files say for themselves how long they hold.
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  }
}
