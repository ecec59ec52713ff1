import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** Debian's; `.ci/run` installs it. */
const EXECUTABLE = '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser that nobody has used before. */
export interface Browser {
  readonly context: BrowserContext
  close(): Promise<void>
}

/**
 * Starts Chromium without a window.
 *
 * @param size of the pages, in pixels
 */
export async function startBrowser(size: {
  readonly width: number
  readonly height: number
}): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'))
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    headless: true,
    args: ARGUMENTS,
    viewport: size,
    acceptDownloads: true,
  })
  return {
    context,
    async close() {
      await context.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
