import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startViewServer, type ViewServer } from '../../../src/cli/view/view-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let server: ViewServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function start(files: Readonly<Record<string, string>> = {}): Promise<{ url: URL; folder: string }> {
  const folder = tempFolder()
  mkdirSync(join(folder, 'traces'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'traces', name), content)
  const pageFolder = tempFolder({ 'page.html': '<p>page', 'page.js': 'js', 'page.css': 'css' })
  server = await startViewServer({ stateFolder: folder, pageFolder })
  return { url: new URL(server.url), folder }
}

/** `fetch` allows neither another `Host` nor a method such as TRACE. */
function ask(url: URL, options: { method?: string; headers?: Record<string, string> } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('the server of the page', () => {
  it('listens on this machine alone and gives the page to whoever has the token', async () => {
    const { url } = await start()
    expect(url.hostname).toBe('127.0.0.1')
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('<p>page')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['', 'spans', 'page.js'])(
    'refuses "%s" without the token, and with one that is nearly right',
    async (path) => {
      const { url } = await start()
      const token = url.pathname.split('/')[1]!
      const wrong = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
      expect(await ask(new URL(`/${path}`, url))).toBe(404)
      expect(await ask(new URL(`/${wrong}/${path}`, url))).toBe(404)
      expect(await ask(new URL(path.replace('spans', 'page.css'), url))).toBe(200)
    },
  )

  it('refuses a request under another name, from another site, and any method but GET', async () => {
    const { url } = await start()
    expect(await ask(url, { headers: { host: `attacker.example:${url.port}` } })).toBe(404)
    expect(await ask(url, { headers: { host: '127.0.0.1' } })).toBe(404)
    expect(await ask(url, { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(404)
    expect(await ask(url, { method: 'POST' })).toBe(404)
    expect(await ask(url, { headers: { 'sec-fetch-site': 'same-origin' } })).toBe(200)
  })

  it.each(['../package.json', '..%2f', 'page.html', 'spans/', 'constructor'])(
    'serves no file named "%s"',
    async (path) => {
      const { url } = await start()
      expect(await ask(new URL(url.pathname + path, url))).toBe(404)
    },
  )

  it('streams what is there, newest first, then an empty line, then what comes', async () => {
    const { url, folder } = await start({
      'traces-1.jsonl': '{"n":1}\n{"n":2}\n',
      'traces-2.jsonl': '{"n":3}\n{"n":4}\n{"half":',
    })
    const response = await fetch(new URL('spans', url))
    const lines = linesOf(response)
    expect(await lines(5)).toEqual(['{"n":4}', '{"n":3}', '{"n":2}', '{"n":1}', ''])
    appendFileSync(join(folder, 'traces', 'traces-2.jsonl'), '"whole"}\n')
    writeFileSync(join(folder, 'traces', 'traces-3.jsonl'), '{"n":5}\n')
    expect(await lines(2)).toEqual(['{"half":"whole"}', '{"n":5}'])
  })

  it('does not follow a link out of the folder', async () => {
    const { url, folder } = await start()
    const secret = join(tempFolder({ secret: '{"secret":1}\n' }), 'secret')
    symlinkSync(secret, join(folder, 'traces', 'traces-1.jsonl'))
    expect(await linesOf(await fetch(new URL('spans', url)))(1)).toEqual([''])
  })
})

function linesOf(response: Response): (count: number) => Promise<string[]> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let waiting = ''
  return async (count) => {
    while (waiting.split('\n').length <= count) waiting += (await reader.read()).value ?? ''
    const lines = waiting.split('\n')
    waiting = lines.slice(count).join('\n')
    return lines.slice(0, count)
  }
}
