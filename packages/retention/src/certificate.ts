import { createHash, type KeyObject } from 'node:crypto'
import { canonicalJson, microsToIso, type Json, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { CompactSign, compactVerify, errors } from 'jose'
import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { ArchiveSeal } from './archive.ts'
import { EARLY_ENDS, type PlannedRule, type RetentionPlan } from './plan.ts'
import type { RuleTotals, Tombstones } from './store.ts'

const count = z.int().nonnegative()
const instant = z.iso.datetime()

/** What was destroyed, under which norm, on whose word: everything but the data (GDPR Art. 5(2)). */
export const certificateSchema = z.strictObject({
  type: z.literal('varco-certificate-of-destruction'),
  version: z.literal(1),
  controller: z.strictObject({ id: z.string(), name: z.string() }),
  plan: z.strictObject({
    id: z.string(),
    hash: z.string(),
    day: z.iso.date(),
    policy_version: z.string(),
    planned_by: z.string(),
    planned_at: instant,
  }),
  approvals: z.array(
    z.strictObject({ as: z.string(), by: z.string(), at: instant, reference: z.string().nullable() }),
  ),
  started_at: instant,
  ended_at: instant,
  /** The plan was ended before its end: what is certified went, the rest was not reached. `null`: it went its whole way. */
  ended_early: z
    .strictObject({ why: z.enum(EARLY_ENDS), by: z.string(), at: instant })
    .nullable()
    .default(null),
  rules: z.array(
    z.strictObject({
      rule: z.string(),
      resource: z.string(),
      action: z.enum(['erase', 'anonymise', 'restrict', 'archive']),
      norm: z.string(),
      planned: count,
      done: count,
      kept: z.strictObject({
        ...{ held: count, referenced: count, not_due: count, busy: count, gone: count },
        /** Not anonymised, for too few others would have been like it. Certified before this was asked: none. */
        identifiable: count.default(0),
        /** What hangs on them upstream would not go. */
        upstream: count.default(0),
        /** Left out by an outside authority. */
        not_authorised: count.default(0),
        /** Still to be done when the plan was ended early. */
        not_reached: count.default(0),
        /** Begun when the plan was ended early, and nobody can tell whether it was done. */
        unsure: count.default(0),
      }),
      /** Keyed hashes of the records' keys in order, hashed: SHA-256 over `resource NUL hash LF`. */
      keys_digest: z.string(),
      /** The same of those that are unsure; `null`: there are none. */
      unsure_digest: z.string().nullable().default(null),
      /**
       * Of the records that went, how many were there when asked for again by a question of its own: after the commit, or right
       * before it where it is the one that notes it too.
       */
      found_again: count,
      /** What hung on its records upstream, and went before them; its digest is made as that of the records. */
      upstream: z
        .array(
          z.strictObject({
            resource: z.string(),
            upstream: z.string(),
            done: count,
            keys_digest: z.string(),
          }),
        )
        .default([]),
      /** Of an archiving rule: what was kept of the records, and the SHA-256 of the manifest that lists them. */
      archive: z.strictObject({ records: count, manifest: z.string() }).nullable().default(null),
    }),
  ),
  /** The last day on which a backup may still hold what went; `null`: the bundle does not say. */
  backups_end: z.iso.date().nullable(),
})
export type Certificate = z.infer<typeof certificateSchema>

/** A JWS in compact form (RFC 7515, EdDSA) over the certificate's canonical JSON. */
export interface SignedCertificate {
  readonly certificate: Certificate
  readonly jws: string
}

export type SignCertificate = (certificate: Certificate) => Promise<SignedCertificate>

/** @param keyId names the key for whoever checks */
export function certificateSigner(key: KeyObject, keyId: string): SignCertificate {
  return async (certificate) => ({
    certificate,
    jws: await new CompactSign(Buffer.from(canonicalJson(certificate as Json)))
      .setProtectedHeader({ alg: 'EdDSA', kid: keyId, typ: 'varco-certificate+jws' })
      .sign(key),
  })
}

/** Reads a certificate with nothing but the public key; `null` when it is not that key's, or not a certificate. */
export async function verifyCertificate(jws: string, publicKey: KeyObject): Promise<Certificate | null> {
  try {
    const { payload } = await compactVerify(jws, publicKey, { algorithms: ['EdDSA'] })
    const parsed = certificateSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)))
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError)
      return null
    throw error
  }
}

export interface CertifiedRule extends PlannedRule {
  readonly totals: RuleTotals
  readonly keysDigest: string
  readonly archive: ArchiveSeal | null
  readonly wentUpstream: readonly WentUpstream[]
  readonly unsure: UnsureRecords | null
}

/** What may have gone by a rule, and nobody can tell. */
export interface UnsureRecords {
  readonly records: number
  readonly keysDigest: string
}

/** What went of one resource behind an upstream. */
export interface WentUpstream {
  readonly resource: string
  readonly upstream: string
  readonly done: number
  readonly keysDigest: string
}

export function makeCertificate(
  { document }: Bundle,
  plan: RetentionPlan & { readonly startedAt: Micros },
  rules: readonly CertifiedRule[],
  endedAt: Micros,
): Certificate {
  const { controller, time_zone: timeZone, backups } = document.varco
  const lastDay = Temporal.Instant.fromEpochMilliseconds(Number(endedAt / 1_000n))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  return {
    type: 'varco-certificate-of-destruction',
    version: 1,
    controller: { id: controller.id, name: controller.name },
    plan: {
      id: plan.id,
      hash: plan.hash,
      day: plan.day,
      policy_version: plan.policyVersion,
      planned_by: plan.plannedBy,
      planned_at: microsToIso(plan.plannedAt),
    },
    approvals: plan.approvals.map(({ at, ...approval }) => ({ ...approval, at: microsToIso(at) })),
    started_at: microsToIso(plan.startedAt),
    ended_at: microsToIso(endedAt),
    ended_early:
      plan.endedEarly === undefined ? null : { ...plan.endedEarly, at: microsToIso(plan.endedEarly.at) },
    rules: rules.map(
      ({
        rule,
        resource,
        action,
        because,
        records,
        authorised,
        totals,
        keysDigest,
        archive,
        wentUpstream,
        unsure,
      }) => ({
        rule,
        resource,
        action,
        norm: because,
        planned: records,
        done: totals.done,
        kept: {
          held: totals.held,
          referenced: totals.referenced,
          not_due: totals.notDue,
          busy: totals.busy,
          gone: totals.gone,
          identifiable: totals.identifiable,
          upstream: totals.upstream,
          not_authorised: records - (authorised ?? records),
          not_reached: totals.notReached - (unsure?.records ?? 0),
          unsure: unsure?.records ?? 0,
        },
        keys_digest: keysDigest,
        unsure_digest: unsure?.keysDigest ?? null,
        found_again: totals.foundAgain,
        upstream: wentUpstream.map(({ keysDigest: digest, ...went }) => ({ ...went, keys_digest: digest })),
        archive: archive === null ? null : { ...archive },
      }),
    ),
    backups_end: backups === undefined ? null : lastDay.add(backups.kept_for).toString(),
  }
}

/** How many tombstones a rule has, and their digest; they come in the order of their hashes. */
export async function digestTombstones(
  pages: AsyncIterable<Tombstones>,
): Promise<{ readonly records: number; readonly keysDigest: string }> {
  const digest = createHash('sha256')
  let records = 0
  for await (const { resource, hashes } of pages) {
    if (hashes.length === 0) continue
    records += hashes.length
    digest.update(`${resource}\0${hashes.join(`\n${resource}\0`)}\n`)
  }
  return { records, keysDigest: digest.digest('hex') }
}
