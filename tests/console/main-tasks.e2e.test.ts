import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantBundle } from '../../packages/engagement/tests/grants/grant-world.ts'
import { addEventRule } from '../../packages/console/tests/support/event-rule.ts'
import { routesOf } from '../../packages/console/tests/support/routes-of.ts'
import { faultsOf, inBrowser } from './browser.ts'
import { ROLES, type MainTask, type Role } from './desk.ts'
import { MAIN_TASKS } from './main-tasks.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

/** Whom the tests' staff has for each role, and the page the login leads them to. */
const PEOPLE: Readonly<Record<Exclude<Role, 'operator' | 'nobody'>, readonly [sub: string, home: string]>> = {
  dpo: ['dpo-1', '/'],
  auditor: ['auditor-1', '/alerts'],
  administrator: ['administrator-1', '/contracts'],
  approver: ['approver-1', '/grants'],
  manager: ['manager-1', '/contracts'],
}
const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }
const WAYS = [
  ['on a desktop, with JavaScript', DESKTOP, true],
  ['on a phone, without JavaScript', PHONE, false],
  ['on a desktop, without JavaScript', DESKTOP, false],
  ['on a phone, with JavaScript', PHONE, true],
] as const
/** What is not there after this long is not coming. */
const PATIENCE_MS = 15_000

let served: ServedConsole
let turn = 0

beforeAll(async () => {
  const bundle = grantBundle(addEventRule)
  served = await runConsole({}, bundle)
  await served.policies.activate(await served.policies.put(bundle.document, 'ADM-9'), 'DPO-9')
  served.retention.due.push(
    { key: '1', trigger: '2010-01-02', dataSubject: 'P-1' },
    { key: '2', trigger: '2010-01-03', dataSubject: 'P-2' },
  )
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

/** Signs in, and proves anew who it is, as sensitive acts ask for. */
async function enter(page: Page, role: Role): Promise<void> {
  if (role === 'nobody') return
  if (role === 'operator') {
    await page.goto(`${served.url}/login/start?with=aurora&to=%2Fme`)
    return
  }
  const [sub, home] = PEOPLE[role]
  await served.signIn(page, sub, 'Una Persona', home)
  await page.goto(`${served.url}/login/again/start?to=%2Fme`)
  await page.waitForURL(`${served.url}/me`)
}

/** Every task is done at both widths, with JavaScript at one and without at the other, turn about; with longer rounds in every way. */
function waysOf(task: number): readonly number[] {
  if (process.env['VARCO_ROUNDS'] !== undefined) return WAYS.map((_, way) => way)
  return task % 2 === 0 ? [0, 1] : [2, 3]
}

/** In each of its ways a task is done by one of its roles in turn, and by more where there are more roles than ways. */
function tasksOf(role: Role, way: number): readonly MainTask[] {
  return MAIN_TASKS.filter(({ roles }, task) => {
    const ways = waysOf(task)
    const [at, turn] = [ways.indexOf(way), roles.indexOf(role)]
    if (at === -1 || turn === -1) return false
    return roles.length > ways.length ? turn % ways.length === at : at % roles.length === turn
  })
}

describe.each(
  WAYS.map(([name, viewport, javaScriptEnabled], way) => ({ name, viewport, javaScriptEnabled, way })),
)('$name', ({ name: wayName, viewport, javaScriptEnabled, way }) => {
  test.each(ROLES)('each page does what it is there for: %s', async (role) => {
    const done: string[] = []
    const faults: string[] = []
    const tasks = tasksOf(role, way)
    const complaints = await inBrowser({ viewport, javaScriptEnabled }, async (page) => {
      page.setDefaultTimeout(PATIENCE_MS)
      await enter(page, role)
      for (const { page: name, task, steps } of tasks) {
        turn++
        await steps({ served, page, turn }).catch((cause: unknown) => {
          throw new Error(`${name} (${task}), at ${page.url()}`, { cause })
        })
        done.push(task)
        faults.push(...(await faultsOf(page, `main-task-${turn}, ${wayName}`, false)))
      }
    })
    expect([...faults, ...complaints]).toEqual([])
    expect(done).toEqual(tasks.map(({ task }) => task))
  })
})

test('each role does each of its tasks, and each task is done at both widths, with JavaScript and without', () => {
  const doing = WAYS.flatMap(([, viewport, javaScriptEnabled], way) =>
    ROLES.flatMap((role) => tasksOf(role, way).map((task) => ({ task, role, viewport, javaScriptEnabled }))),
  )
  for (const task of MAIN_TASKS) {
    const done = doing.filter((each) => each.task === task)
    expect([task.task, new Set(done.map(({ role }) => role))]).toEqual([task.task, new Set(task.roles)])
    expect([task.task, new Set(done.map(({ viewport }) => viewport)).size]).toEqual([task.task, 2])
    expect([task.task, new Set(done.map((each) => each.javaScriptEnabled)).size]).toEqual([task.task, 2])
  }
})

/** Pages that are a step of another’s task, by where it is; and those that only a script of its own can use. */
const STEPS_OF: Readonly<Record<string, string>> = {
  ...{
    '/log/events/…': '/log',
    '/log/data-subject': '/data-subjects',
    '/data-subjects/looks': '/data-subjects',
  },
  ...{
    '/alerts/openings/…': '/alerts/openings',
    '/contracts': '/contracts/…',
    '/policies/versions': '/policies/versions/…',
  },
  ...{
    '/retention/rules': '/retention/rules/…',
    '/requests': '/requests/new',
    '/requests/notice': '/requests/notices',
  },
  ...{ '/reports': '/reports/register', '/login': '/language/…' },
}
/** Tried elsewhere: signing in anew in `contracts`, work off the system in `work`. */
const ELSEWHERE = ['/login/again', '/me/work', '/work']
/** Answered with no page, and documents that are ordered as the register is. */
const NO_TASK =
  /^\/(?:healthz|assets|time-zone\/set|login\/(?:start|callback|again\/start)|work\/key|reports\/(?:audit|transparency|drift|tickets|exit|breach|subject)$)|\/(?:progress|file|minutes\.pdf|certificate\.jws)$/

test('no page of the router is without its task', () => {
  const pages = routesOf(served)
    .filter(({ method, pattern }) => method === 'GET' && !NO_TASK.test(pattern))
    .map(({ pattern }) => pattern.replaceAll(/:\w+/g, '…'))
  const withTasks = new Set(MAIN_TASKS.map(({ page }) => page))
  const without = pages.filter((page) => !withTasks.has(STEPS_OF[page] ?? page) && !ELSEWHERE.includes(page))
  expect(without).toEqual([])
})
