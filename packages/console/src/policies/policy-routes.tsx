import { runCases, type Bundle, type CaseReport } from '@varco/policy'
import { Hono } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import type { Visit } from '../visit/visit.ts'
import { choicesOf } from './choices.tsx'
import { exampleQuestion } from './example-question.ts'
import { MatrixPage } from './matrix-page.tsx'
import { OverviewPage } from './overview-page.tsx'
import { firstSimulation, readSimulation, simulate } from './simulation.ts'
import { SimulatorPage } from './simulator-page.tsx'
import { visibilityMatrix, type MatrixQuestion } from './visibility-matrix.ts'

/** The policy in force, read, looked up and tried. None of it shows personal data. */
export function policyRoutes(): Hono<GuardedEnv> {
  const casesOf = oncePerBundle(runCases)
  return (
    new Hono<GuardedEnv>()
      .use('/policies', guard('read-policies'))
      .use('/policies/*', guard('read-policies'))

      .get('/policies', (c) => {
        const { visit } = c.var
        return c.html(asHtml(<OverviewPage visit={visit} cases={casesOf(visit.bundle)} />))
      })

      .get('/policies/matrix', (c) => {
        const { visit } = c.var
        const asked = matrixQuestion(visit)
        const matrix = visibilityMatrix(visit.bundle, asked, visit.now)
        return c.html(asHtml(<MatrixPage visit={visit} asked={asked} matrix={matrix} />))
      })

      .get('/policies/simulator', (c) => {
        const { visit } = c.var
        return c.html(
          asHtml(<SimulatorPage visit={visit} simulation={firstSimulation(visit)} answer={null} />),
        )
      })

      // A post, for the fields of a record may be typed in and must not end up in an address.
      .post('/policies/simulator', async (c) => {
        const { visit } = c.var
        const simulation = readSimulation(await c.req.parseBody(), visit)
        if (simulation === null) {
          const blank = firstSimulation(visit)
          return c.html(asHtml(<SimulatorPage visit={visit} simulation={blank} answer="wrong" />), 400)
        }
        const answer = simulate(simulation, visit)
        return c.html(asHtml(<SimulatorPage visit={visit} simulation={simulation} answer={answer} />))
      })
  )
}

/** What the address asks for; what it leaves out, or gets wrong, is that of the example. */
function matrixQuestion(visit: Visit): MatrixQuestion {
  const choices = choicesOf(visit)
  const example = exampleQuestion(visit.bundle, visit.now)
  const pick = (name: keyof MatrixQuestion): string => {
    const wanted = visit.url.searchParams.get(name)
    return choices[name].find(({ value }) => value === wanted)?.value ?? example[name]
  }
  return { contract: pick('contract'), role: pick('role'), unit: pick('unit'), resource: pick('resource') }
}

/** A bundle never changes: what was worked out of one holds for as long as it is used. */
function oncePerBundle(work: (bundle: Bundle) => CaseReport): (bundle: Bundle) => CaseReport {
  const done = new WeakMap<Bundle, CaseReport>()
  return (bundle) => {
    const report = done.get(bundle) ?? work(bundle)
    done.set(bundle, report)
    return report
  }
}
