import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTraces } from '../../fixtures/traces/write-traces.ts'
import { type Application, installApplication } from '../support/application.ts'
import { type Browser, startBrowser } from '../support/browser.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { type Running, runProgram, startProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 360, height: 740 }

let browser: Browser
let view: Running
let url: string
// The traced program ends on a machine that may be busy.
const environment = { ...localEnvironment(), ZEN_TELEMETRY_EXIT_TIMEOUT: '20' }
const problems: string[] = []

beforeAll(async () => {
  writeTraces(environment.ZEN_TELEMETRY_DIR, { spans: 4000 })
  view = startProgram(process.execPath, [join(installedAgent, 'dist', 'cli.cjs'), 'view', '--json'], {
    cwd: environment.ZEN_TELEMETRY_DIR,
    env: environment,
    mostMs: 300_000,
  })
  url = (JSON.parse(await view.printed('}')) as { url: string }).url
  browser = await startBrowser(WIDE)
})
afterAll(async () => {
  await browser.close()
  view.child.kill('SIGINT')
  await view.ended
})

async function open(hash = '', size = WIDE): Promise<Page> {
  const page = await browser.context.newPage()
  await page.setViewportSize(size)
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) problems.push(request.url())
  })
  await page.goto(url + hash)
  await page
    .getByRole('status')
    .getByText('Live')
    .or(page.locator('.live', { hasText: 'Live' }))
    .first()
    .waitFor()
  return page
}

const rows = (page: Page) => page.locator('#traces .virtual-row:visible')
const spanRows = (page: Page) => page.locator('#spans .virtual-row:visible')
const countLine = (page: Page) => page.locator('.count')

describe('the page of traces', () => {
  it('lists all traces, and opens one with its calls and the error of a failed one', async () => {
    const page = await open()
    await page.locator('.top').getByText('4,000 spans').waitFor()
    await page.getByLabel('Status').selectOption('With errors')
    await rows(page).first().click()
    await page.getByRole('tree').waitFor()
    const failed = page.getByRole('region', { name: 'Error' })
    expect(await failed.textContent()).toMatch(/Error: .*\n {4}at /s)
    expect(await page.locator('.details').textContent()).toContain('print-shop')
    await page.close()
  })

  it('searches by name, status, duration and time', async () => {
    const page = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('Palette.PICK')
    await countLine(page)
      .getByText(/^[\d,]+ of [\d,]+ traces$/)
      .waitFor()
    await page.getByLabel('Search').fill('no such name')
    await countLine(page).getByText(/^0 of/).waitFor()
    expect(await rows(page).count()).toBe(0)
    await page.getByLabel('Search').fill('')
    await page.getByLabel('Duration from, in milliseconds').fill('100')
    await countLine(page)
      .getByText(/^[1-9]\d* of/)
      .waitFor()
    for (const text of await rows(page).locator('.trace-line:first-child .number').allTextContents()) {
      expect(Number.parseFloat(text) * (text.endsWith(' s') ? 1000 : 1)).toBeGreaterThanOrEqual(100)
    }
    await page.getByLabel('Duration from, in milliseconds').fill('')
    await page.getByRole('combobox', { name: 'Time' }).selectOption('Last 5 minutes')
    await countLine(page)
      .getByText(/^[1-9]\d* of/)
      .waitFor()
    await page.close()
  })

  it('can be used without a mouse', async () => {
    const page = await open()
    await page.keyboard.press('/')
    await page.getByRole('listbox', { name: 'Traces' }).focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'])
      await page.keyboard.press(key)
    await page.getByRole('tree').waitFor()
    expect(new URL(page.url()).hash).toMatch(/^#trace-[0-9a-f]{32}$/)
    expect(await page.evaluate('document.activeElement.id')).toBe('spans')
    const before = await spanRows(page).count()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await spanRows(page).nth(1).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowRight')
    await spanRows(page)
      .nth(before - 1)
      .waitFor()
    expect(await spanRows(page).count()).toBe(before)
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.id')).toBe('traces')
    await page.keyboard.press('m')
    await page.getByRole('table').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.close()
  })

  it('has statistics of each method, and lists the traces of one', async () => {
    const page = await open('#methods')
    const row = page.getByRole('row', { name: /zen\.orchestrator\.run/ })
    expect(await row.locator('td').nth(2).textContent()).toMatch(/^\d+\.\d ms$/)
    await page.getByRole('button', { name: 'Palette.pick' }).click()
    expect(await page.getByLabel('Search').inputValue()).toBe('Palette.pick')
    await rows(page).first().waitFor()
    await page.close()
  })

  it.each([
    ['OTLP JSON', /\.otlp\.json$/, 'resourceSpans'],
    ['Chrome trace', /\.chrome\.json$/, 'traceEvents'],
  ])('exports what was found as %s', async (format, name, field) => {
    const page = await open()
    await page.getByLabel('Search').fill('zen.orchestrator')
    await page.locator('.top').getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: format }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(name)
    const content = JSON.parse(readFileSync(await download.path(), 'utf8')) as Record<string, unknown[]>
    expect(content[field]!.length).toBeGreaterThan(0)
    await page.close()
  })

  it('shows spans of a program while it runs, text that looks like HTML as text', async () => {
    const page = await open()
    const before = await page
      .locator('.top')
      .getByText(/ spans in /)
      .textContent()
    const application: Application = installApplication('script-cjs', 'zen-cjs')
    await runProgram(process.execPath, ['--require', registerFiles.cjs, 'app.cjs', '--runs=1'], {
      cwd: application.folder,
      env: environment,
    })
    application.remove()
    await page.locator('.top', { hasNotText: before ?? '' }).waitFor()

    const folder = join(environment.ZEN_TELEMETRY_DIR, 'traces')
    const file = join(folder, readdirSync(folder).toSorted().at(-1)!)
    const line = readFileSync(file, 'utf8').split('\n')[0]!
    const hostile = '<img src=x onerror=document.title=1>'
    appendFileSync(
      file,
      `${line.replaceAll('zen.orchestrator.run', hostile).replaceAll(/"traceId":"..../g, '"traceId":"ffff')}\n`,
    )
    await page.locator('#traces').getByText(hostile).first().waitFor()
    expect(await page.title()).toBe('Traces · zen-telemetry')
    await page.close()
  })

  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', NARROW],
    ['dark', NARROW],
  ] as const)('has no accessibility violation, in any view: %s, %o', async (colorScheme, size) => {
    const page = await open('', size)
    await page.emulateMedia({ colorScheme })
    await page.evaluate(axe.source)
    const violations = async (): Promise<unknown> =>
      page.evaluate(
        'axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160))]))',
      )
    expect(await violations()).toEqual([])
    await page.getByLabel('Status').selectOption('With errors')
    await rows(page).first().click()
    await page.getByRole('region', { name: 'Error' }).waitFor()
    expect(await violations()).toEqual([])
    await page.keyboard.press('m')
    await page.getByRole('table').waitFor()
    expect(await violations()).toEqual([])
    await page.keyboard.press('?')
    expect(await violations()).toEqual([])
    await page.close()
  })

  it('fits a screen of 360 pixels', async () => {
    const page = await open('', NARROW)
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow)).toBe(0)
    await rows(page).first().click()
    await page.getByRole('tree').waitFor()
    expect(await rows(page).count()).toBe(0)
    expect(await page.evaluate(overflow)).toBe(0)
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await rows(page).first().waitFor()
    await page.keyboard.press('m')
    expect(await page.evaluate(overflow)).toBe(0)
    await page.close()
  })

  it('makes no request to anywhere else, and breaks no policy of its own', () => {
    expect(problems).toEqual([])
  })
})
