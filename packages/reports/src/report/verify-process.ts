import { buffer } from 'node:stream/consumers'
import type { VerifyTask } from './verify-apart.ts'
import { verifyReport } from './verify-report.ts'

/** A line that says what to do, then the file. */
const sent = await buffer(process.stdin)
const end = sent.indexOf('\n')
const { verifierKey, largest } = JSON.parse(sent.subarray(0, end).toString()) as VerifyTask
process.stdout.write(JSON.stringify(verifyReport(sent.subarray(end + 1), verifierKey, largest)))
