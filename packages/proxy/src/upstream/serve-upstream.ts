import type { UpstreamRoute } from '@varco/policy'
import { commonHeaders } from '../answer/common-headers.ts'
import { besideCandidate } from '../ask-candidate.ts'
import { negotiateFormat } from '../answer/negotiate-format.ts'
import type { SentBody } from '../body/read-object.ts'
import { turnAway, turnAwayStranger } from '../pipeline.ts'
import { problemResponse } from '../problems/problem-response.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal } from '../refusal.ts'
import { authenticate } from '../steps/authenticate.ts'
import { establishContext } from '../steps/establish-context.ts'
import type { Visit } from '../visit.ts'
import { changeUpstream } from './change-upstream.ts'
import { matchRoute, readSteps, type MatchedRoute } from './match-route.ts'
import { callUpstream, readUpstream } from './read-upstream.ts'
import type { UpstreamPools } from './upstream-pools.ts'

/**
 * One request for an existing JSON API. A route that the bundle does not name is refused like an address that is none;
 * one that is public passes without a word, for nobody's data are in it.
 */
export function serveUpstream(
  visit: Visit,
  name: string,
  body: SentBody,
  pools: UpstreamPools,
): Promise<Response> {
  return besideCandidate(visit, () => passThrough(visit, name, body, pools))
}

async function passThrough(
  visit: Visit,
  name: string,
  body: SentBody,
  pools: UpstreamPools,
): Promise<Response> {
  const upstream = visit.bundle.upstreams.get(name)
  const prefix = `/upstream/${name}/`
  const steps = visit.path.startsWith(prefix) ? readSteps(visit.path.slice(prefix.length)) : null
  const matched = upstream === undefined || steps === null ? null : matchRoute(upstream, visit.method, steps)
  if (matched !== null && isKind(matched, 'public')) return passPublic(visit, matched, pools)
  const identity = await authenticate(visit)
  if (isRefusal(identity)) return turnAwayStranger(visit, identity)
  const context = await establishContext(visit, identity)
  if (isRefusal(context)) return turnAway(visit, context)
  if (matched === null) return turnAway(visit, refusal('unmapped-route'))
  if (negotiateFormat(visit.header('accept'))?.kind !== 'json')
    return turnAway(visit, refusal('not-acceptable'))
  if (isKind(matched, 'read')) return readUpstream(visit, context, matched, pools)
  if (isKind(matched, 'change')) return changeUpstream(visit, context, matched, body, pools)
  return turnAway(visit, refusal('unmapped-route'))
}

function isKind<K extends UpstreamRoute['kind']>(
  matched: MatchedRoute,
  kind: K,
): matched is MatchedRoute<Extract<UpstreamRoute, { kind: K }>> {
  return matched.route.kind === kind
}

/** As it comes, but for its headers: only what the bundle says it may be, and no parameter. */
async function passPublic(
  visit: Visit,
  matched: MatchedRoute<Extract<UpstreamRoute, { kind: 'public' }>>,
  pools: UpstreamPools,
): Promise<Response> {
  const refuse = (code: 'not-supported' | 'upstream-failed'): Response =>
    problemResponse(refusal(code), { ...visit, event: null })
  if (visit.query !== '') return refuse('not-supported')
  const answer = await callUpstream(matched, pools, { method: 'GET', path: matched.path })
  if (isRefusal(answer)) return problemResponse(answer, { ...visit, event: null })
  if (!matched.route.types.has(answer.contentType)) {
    answer.discard()
    return refuse('upstream-failed')
  }
  const text = answer.contentType.startsWith('text/') || answer.contentType.endsWith('json')
  return new Response(visit.keepPlace(ReadableStream.from(answer.body)), {
    headers: {
      ...commonHeaders(visit.requestId),
      'content-type': text ? `${answer.contentType}; charset=utf-8` : answer.contentType,
      // Whatever it is, no browser may run it as ours.
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })
}
