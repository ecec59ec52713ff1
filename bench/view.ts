/** `npm run bench:view`: the page of local traces with 50,000 spans, in Chromium. Exits with 1 if a bound is passed. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { writeTraces } from '../fixtures/traces/write-traces.ts'
import { startViewServer } from '../src/cli/view/view-server.ts'
import { startBrowser } from '../test/support/browser.ts'

const SPANS = 50_000
const SEARCHES = ['p', 'pal', 'palette', 'timeout', 'run', 'nothing at all', '']
const SCROLL_FRAMES = 120
const PAGE_FOLDER = resolve(import.meta.dirname, '..', 'dist', 'view')

interface Measured {
  readonly what: string
  readonly milliseconds: number
  /** Undefined: for information. */
  readonly bound?: number
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-telemetry-view-')))
writeTraces(folder, { spans: SPANS })
const server = await startViewServer({ stateFolder: folder, pageFolder: PAGE_FOLDER })
const browser = await startBrowser({ width: 1280, height: 800 })
try {
  const page = await browser.context.newPage()
  await page.addInitScript(observe())
  await page.goto(server.url)
  await page.locator('.live[data-state=live]').waitFor()
  const results: Measured[] = [
    { what: 'first row painted', milliseconds: await numberOf(page, 'window.firstRow'), bound: 1000 },
    { what: 'everything loaded', milliseconds: await numberOf(page, 'performance.now()') },
    { what: 'longest task while loading', milliseconds: await longestTask(page) },
    {
      what: 'slowest of the searches, to the next frame',
      milliseconds: await slowestSearch(page),
      bound: 100,
    },
    {
      what: 'longest task while scrolling through the list',
      milliseconds: await scroll(page, '#traces'),
      bound: 50,
    },
  ]
  await page.locator('#traces .virtual-row:visible').first().click()
  await page.locator('#spans').waitFor()
  await page.locator('a[href="#methods"]').click()
  await page.locator('.methods tbody tr').first().waitFor()
  results.push({ what: 'longest task while statistics are made', milliseconds: await longestTask(page) })

  process.stdout.write(
    `${SPANS.toLocaleString('en')} spans in ${browser.context.browser()?.version() ?? 'Chromium'}\n`,
  )
  for (const { what, milliseconds, bound } of results) {
    const limit = bound === undefined ? '' : `  (bound ${bound} ms)`
    process.stdout.write(`${`${milliseconds.toFixed(0)} ms`.padStart(9)}  ${what}${limit}\n`)
    if (bound !== undefined && milliseconds > bound) process.exitCode = 1
  }
} finally {
  await browser.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Runs before the page's own script: when the first row is on the screen, and every long task. */
function observe(): string {
  return `
    window.longTasks = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longTasks.push(entry.duration)
    }).observe({ entryTypes: ['longtask'] })
    const look = () => {
      if (document.querySelector('#traces .virtual-row')) window.firstRow = performance.now()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)`
}

async function numberOf(page: Page, expression: string): Promise<number> {
  return (await page.evaluate(expression)) as number
}

/** Since the last call; 0 if none took longer than 50 ms, which is what a long task is. */
async function longestTask(page: Page): Promise<number> {
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))')
  return numberOf(page, 'Math.max(0, ...window.longTasks.splice(0))')
}

async function slowestSearch(page: Page): Promise<number> {
  const durations = await page.evaluate(`(async () => {
    const input = document.querySelector('#search')
    const durations = []
    for (const text of ${JSON.stringify(SEARCHES)}) {
      await new Promise(requestAnimationFrame)
      const start = performance.now()
      input.value = text
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      durations.push(performance.now() - start)
    }
    return durations
  })()`)
  return Math.max(...(durations as number[]))
}

async function scroll(page: Page, list: string): Promise<number> {
  await longestTask(page)
  await page.evaluate(`(async () => {
    const list = document.querySelector(${JSON.stringify(list)})
    const far = list.scrollHeight - list.clientHeight
    for (let frame = 0; frame <= ${SCROLL_FRAMES}; frame += 1) {
      list.scrollTop = (far * frame) / ${SCROLL_FRAMES}
      await new Promise(requestAnimationFrame)
    }
    list.scrollTop = 0
  })()`)
  return longestTask(page)
}
