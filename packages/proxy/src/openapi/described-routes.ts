import { createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import { evaluationSchema, evaluationsSchema } from '@varco/policy'
import { actionSearchSchema, resourceSearchSchema, subjectSearchSchema } from '../faces/authzen.ts'
import { blindedSchema, declarationSchema } from '../faces/declared-work.ts'
import { changeSchema, ticketSchema } from '../faces/tickets.ts'
import { approvalSchema, findingSchema, nothingSchema, wantedSchema } from '../faces/grants.ts'
import { instructionSchema } from '../faces/own-instruction.ts'

/** What every refusal looks like (RFC 9457), with the members PostgREST's clients read beside. */
const problemSchema = z
  .object({
    type: z.string().meta({ description: 'urn:varco:problem: and the code' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'stable' }),
    message: z.string(),
    detail: z.string().optional(),
    details: z.string().nullable(),
    hint: z.string().nullable(),
    reasons: z.array(z.string()).optional(),
    nearest_purposes: z.array(z.object({ purpose: z.string(), title: z.string() })).optional(),
    event: z.string().optional().meta({ description: 'the entry of the access log' }),
    request: z.string(),
  })
  .meta({ id: 'Problem' })

const bearer = [{ token: [] }]
const idHeader = (description: string) => z.string().max(128).optional().meta({ description })
const statement = z.object({
  'Varco-Purpose': idHeader('the purpose, by its id in purposes.yaml'),
  'Varco-Ticket': idHeader('the ticket the access is for'),
  'Varco-Grant': idHeader('a grant, where the rule asks for one'),
  'Varco-Workstation': idHeader('from where, for the log'),
  'Varco-Instructed-By': idHeader('on whose instruction, for the log'),
})
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})
const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const REFUSALS = {
  400: problem('the request cannot be read, or names a field that is not available'),
  401: problem('no token, or none that can be trusted'),
  403: problem('the policy refuses; what would pass is said'),
  404: problem('nothing here that is the caller’s business'),
  429: problem('the operator’s budget is spent; Retry-After'),
  503: problem('nothing can be shown now; Retry-After'),
}
const TOO_LARGE = { 413: problem('the body is too large') }

const anything = z.looseObject({})
const records = z
  .array(anything)
  .meta({ id: 'Records', description: 'by the fields’ names, or those asked for' })
const resource = z.object({ resource: z.string().meta({ description: 'by its name in the catalogue' }) })
const dialect = z.object({
  select: z
    .string()
    .optional()
    .meta({ description: 'fields, with other names and casts to text; relations' }),
  order: z.string().optional().meta({ description: 'field.asc|desc.nullsfirst|nullslast, commas between' }),
  limit: z.int().min(0).optional(),
  offset: z.int().min(0).optional(),
  and: z.string().optional().meta({ description: '(field.operator.value,…)' }),
  or: z.string().optional().meta({ description: '(field.operator.value,…)' }),
})
const reading = {
  security: bearer,
  request: {
    params: resource,
    query: dialect,
    headers: statement.extend({
      Prefer: z.string().optional().meta({ description: 'count=exact' }),
      Range: z.string().optional().meta({ description: 'rows, such as 0-9' }),
    }),
  },
}
const shown = {
  description: 'the records, each field plain, masked, or not there at all; any other parameter is a filter',
  content: {
    'application/json': { schema: records },
    'application/vnd.pgrst.object+json': { schema: anything },
    'text/csv': { schema: z.string() },
  },
}
const upstream = {
  tags: ['upstream'],
  security: bearer,
  path: '/upstream/{name}/{rest}',
}
const upstreamRequest = {
  params: z.object({
    name: z.string().meta({ description: 'of the JSON API, as the bundle has it' }),
    rest: z.string().meta({ description: 'the path there, of any length' }),
  }),
  headers: statement,
}
const behind = {
  ...REFUSALS,
  502: problem('the JSON API did not answer as the bundle declares it; nothing of it is shown'),
}
const grantSchema = z.looseObject({ id: z.string(), state: z.string() }).meta({ id: 'Grant' })
const saidSchema = z
  .object({
    instructed_by: z.string().nullable(),
    from: z.string().nullable(),
    until: z.string().nullable(),
  })
  .meta({ id: 'Instruction', description: 'whose orders the caller follows; null where nothing is stated' })
const workKeyShape = {
  contract: z.string(),
  month: z.string(),
  phase: z.enum(['not-begun', 'taking', 'handing-in', 'over']),
  public_key: z.string().meta({ description: 'RSA, DER (SPKI), base64url' }),
  digest: z.string().meta({ description: 'SHA-256 of the key, as the log has it' }),
  event: z.string().meta({ description: 'the entry of the log about the key' }),
}
const grantId = z.object({ id: z.string() })
const ticketId = z.object({ id: z.string() })
const ticketOutcomeSchema = z
  .object({ id: z.string(), outcome: z.enum(['new', 'changed', 'unchanged']) })
  .meta({ id: 'TicketOutcome' })
const decisionSchema = z
  .object({ decision: z.boolean(), context: anything })
  .meta({ id: 'Decision', description: 'OpenID AuthZEN 1.0, section 6.2' })
const pageSchema = z.object({ next_token: z.string() })

const upstreamChange = (method: 'patch' | 'put' | 'post', summary: string) =>
  createRoute({
    ...upstream,
    ...{ method, summary },
    request: { ...upstreamRequest, ...body(anything) },
    responses: {
      200: json(z.unknown(), 'the record as it is now, as the caller may see it'),
      204: { description: 'changed; nothing was asked back' },
      ...behind,
      ...TOO_LARGE,
      406: problem('answers are JSON'),
      409: problem('the JSON API refuses'),
      412: problem('the record was changed meanwhile'),
    },
  })
const grantAct = (act: string, summary: string, schema: z.ZodType) =>
  createRoute({
    method: 'post',
    path: `/grants/{id}/${act}`,
    summary,
    tags: ['grants'],
    security: bearer,
    request: { params: grantId, headers: statement, ...body(schema) },
    responses: {
      200: json(grantSchema, 'the grant as it stands now'),
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('it was decided already, or is not in force'),
    },
  })
const grantWanted = (path: string, summary: string) =>
  createRoute({
    method: 'post',
    path,
    summary,
    tags: ['grants'],
    security: bearer,
    request: { headers: statement, ...body(wantedSchema) },
    responses: {
      201: json(grantSchema, 'the grant'),
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('it is not needed'),
    },
  })
const question = (path: string, summary: string, schema: z.ZodType, answer: z.ZodType) =>
  createRoute({
    method: 'post',
    path: `/access/v1/${path}`,
    summary,
    tags: ['authzen'],
    security: bearer,
    request: {
      headers: statement.extend({ 'X-Request-ID': z.string().optional().meta({ description: 'sent back' }) }),
      ...body(schema),
    },
    responses: {
      200: json(answer, 'the answer; a refusal by the policy is a decision of false'),
      ...REFUSALS,
      ...TOO_LARGE,
    },
  })
const open = (path: string, summary: string, schema: z.ZodType) =>
  createRoute({
    method: 'get',
    path,
    summary,
    tags: ['operations'],
    responses: { 200: json(schema, 'always'), 503: problem('the node takes no more requests now') },
  })

/** Every route a node may have. Which of them one has is its own matter: only those are published. */
export const DESCRIBED_ROUTES: readonly RouteConfig[] = [
  createRoute({
    method: 'get',
    path: '/records/{resource}',
    summary: 'Read, search, count or export records, in PostgREST’s dialect',
    tags: ['records'],
    ...reading,
    responses: {
      200: shown,
      206: { ...shown, description: 'a part of the records, where their number was asked for' },
      ...REFUSALS,
      406: problem('no such format, or not exactly one record (PGRST116)'),
      416: problem('the range holds no record (PGRST103)'),
    },
  }),
  createRoute({
    method: 'patch',
    path: '/records/{resource}',
    summary: 'Change records, field by field',
    tags: ['records'],
    ...reading,
    request: { ...reading.request, ...body(anything) },
    responses: {
      200: shown,
      204: { description: 'changed; nothing was asked back' },
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('the record was changed meanwhile'),
    },
  }),
  createRoute({
    ...upstream,
    method: 'get',
    summary: 'Read through to a JSON API; each record of its answer as the caller may see it',
    request: upstreamRequest,
    responses: {
      200: json(z.unknown(), 'its answer without what is hidden; a public route’s as it comes'),
      ...behind,
      406: problem('answers are JSON'),
    },
  }),
  upstreamChange('patch', 'Change a record of a JSON API, field by field'),
  upstreamChange(
    'put',
    'Change a record of a JSON API by sending it whole; what the caller cannot see stays',
  ),
  upstreamChange('post', 'Change a record of a JSON API, field by field, at an address that does it'),
  createRoute({
    method: 'get',
    path: '/me/access',
    summary: 'What the caller may see, so that a program can draw its form',
    tags: ['records'],
    security: bearer,
    request: { headers: statement },
    responses: {
      200: json(
        z.object({
          kind: z.enum(['person', 'workload']),
          role: z.string(),
          unit: z.string(),
          contract: z.string().nullable(),
          policy_version: z.string(),
          access: z.array(
            z.looseObject({
              resource: z.string(),
              title: z.string(),
              purpose: z.string(),
              action: z.string(),
              permitted: z.boolean(),
            }),
          ),
        }),
        'each resource, purpose and action; what is lacking where it can be brought',
      ),
      ...REFUSALS,
    },
  }),
  createRoute({
    method: 'get',
    path: '/me/instruction',
    summary: 'Whose orders the caller follows, as they said',
    tags: ['instructions'],
    security: bearer,
    request: { headers: statement },
    responses: { 200: json(saidSchema, 'as it stands now'), ...REFUSALS },
  }),
  createRoute({
    method: 'put',
    path: '/me/instruction',
    summary: 'State whose orders the next accesses follow',
    tags: ['instructions'],
    security: bearer,
    request: { headers: statement, ...body(instructionSchema) },
    responses: { 200: json(saidSchema, 'as it is kept'), ...REFUSALS, ...TOO_LARGE },
  }),
  createRoute({
    method: 'delete',
    path: '/me/instruction',
    summary: 'State that the instruction is over',
    tags: ['instructions'],
    security: bearer,
    request: { headers: statement },
    responses: { 200: json(saidSchema, 'as it ended'), ...REFUSALS },
  }),
  createRoute({
    method: 'get',
    path: '/work/{contract}/{month}',
    summary: 'The key that signs the month’s tokens for work off the system',
    tags: ['work off the system'],
    request: { params: z.object({ contract: z.string(), month: z.string() }) },
    responses: {
      200: json(z.object(workKeyShape), 'the same for everybody; asked without a token'),
      404: REFUSALS[404],
      503: REFUSALS[503],
    },
  }),
  createRoute({
    method: 'post',
    path: '/me/work-token',
    summary: 'Have one’s token of the month signed blind (RFC 9474, RSABSSA-SHA384-PSS-Randomized)',
    tags: ['work off the system'],
    security: bearer,
    request: { headers: statement, ...body(blindedSchema) },
    responses: {
      200: json(z.object({ ...workKeyShape, blind_signature: z.string() }), 'one a worker and month'),
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('it was taken already, or is not of this month'),
    },
  }),
  createRoute({
    method: 'post',
    path: '/work/declarations',
    summary: 'Declare a month’s work off the system, with a token and without a name',
    tags: ['work off the system'],
    request: body(declarationSchema),
    responses: {
      200: json(z.object({ taken_in: z.literal(true) }), 'it is counted when the month is closed'),
      400: REFUSALS[400],
      403: problem('the token is not of this contract and month'),
      ...TOO_LARGE,
      409: problem('the token was used, or it is not the month to hand in'),
      503: REFUSALS[503],
    },
  }),
  grantWanted('/grants', 'Ask for a grant'),
  grantWanted('/break-glass', 'Take an emergency grant, to be reviewed'),
  createRoute({
    method: 'get',
    path: '/grants/{id}',
    summary: 'How a grant one asked for stands',
    tags: ['grants'],
    security: bearer,
    request: { params: grantId, headers: statement },
    responses: { 200: json(grantSchema, 'the grant'), ...REFUSALS },
  }),
  grantAct('approve', 'Give a grant', approvalSchema),
  grantAct('refuse', 'Refuse a grant', nothingSchema),
  grantAct('revoke', 'End a grant before its time', nothingSchema),
  grantAct('review', 'Say whether an emergency justified its grant', findingSchema),
  createRoute({
    method: 'post',
    path: '/tickets',
    summary: 'Tell of a ticket, from the contractor’s own system',
    tags: ['tickets'],
    security: bearer,
    request: { headers: statement, ...body(ticketSchema) },
    responses: {
      200: json(ticketOutcomeSchema, 'it was known; or known, and now changed'),
      201: json(ticketOutcomeSchema, 'it is new'),
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('the number is another contract’s, or the purpose or the data subject is fixed'),
    },
  }),
  createRoute({
    method: 'patch',
    path: '/tickets/{id}',
    summary: 'Tell what happened to a ticket',
    tags: ['tickets'],
    security: bearer,
    request: { params: ticketId, headers: statement, ...body(changeSchema) },
    responses: {
      200: json(ticketOutcomeSchema, 'whether it changed anything'),
      ...REFUSALS,
      ...TOO_LARGE,
      409: problem('the purpose or the data subject is fixed'),
    },
  }),
  question('evaluation', 'One question to the policy', evaluationSchema, decisionSchema),
  question(
    'evaluations',
    'Many questions to the policy',
    evaluationsSchema,
    z.union([z.object({ evaluations: z.array(decisionSchema) }), decisionSchema]),
  ),
  question(
    'search/subject',
    'Whether the caller may',
    subjectSearchSchema,
    z.object({ results: z.array(z.object({ type: z.string(), id: z.string() })) }),
  ),
  question(
    'search/action',
    'What one may do',
    actionSearchSchema,
    z.object({ results: z.array(z.object({ name: z.string() })) }),
  ),
  question(
    'search/resource',
    'On which records one may do it',
    resourceSearchSchema,
    z.object({ results: z.array(z.object({ type: z.string(), id: z.string() })), page: pageSchema }),
  ),
  open('/.well-known/authzen-configuration', 'Where the policy is asked', anything),
  open('/healthz', 'Whether the process lives', z.object({ status: z.string() })),
  open(
    '/readyz',
    'Whether what the node needs answers',
    z.object({ status: z.string(), failing: z.array(z.string()) }),
  ),
  createRoute({
    method: 'get',
    path: '/metrics',
    summary: 'How the node is doing, for Prometheus',
    tags: ['operations'],
    responses: {
      200: { description: 'always', content: { 'text/plain': { schema: z.string() } } },
    },
  }),
  open('/openapi.json', 'This document', anything),
]
