import { execFile, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { repository } from '../support/repository.ts'

const git = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await promisify(execFile)('git', args, { cwd: repository, maxBuffer: 2 ** 28 })
  return stdout.split('\n').filter(Boolean)
}

/**
 * Private keys with their content; a pattern or a mere beginning, as tests of the filter have them, is none. As they are,
 * with the line breaks of JSON, and in base64, as secrets are often handed over.
 */
const KEYS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[A-Za-z0-9+/=]|\s|\\[nr]){160,}/,
  /LS0tLS1CRUdJTi[A-Za-z0-9+/]{200,}/,
  /"private_key_id"\s*:\s*"[0-9a-f]{40}"/,
]

function holdsKey(text: string): boolean {
  return KEYS.some((key) => key.test(text))
}

/** All that git has of the history, as one stream of `<id> blob <bytes>` and content. */
async function everyBlob(check: (text: string) => void): Promise<number> {
  const ids = (await git('rev-list', '--objects', '--all')).map((line) => line.split(' ')[0] ?? '')
  const cat = spawn('git', ['cat-file', '--batch'], { cwd: repository, stdio: ['pipe', 'pipe', 'inherit'] })
  cat.stdin.end(`${ids.join('\n')}\n`)
  const chunks: Buffer[] = []
  for await (const chunk of cat.stdout) chunks.push(chunk as Buffer)
  const all = Buffer.concat(chunks)
  let blobs = 0
  for (let at = 0; at < all.length;) {
    const headEnd = all.indexOf('\n', at)
    const [, type, size] = all.toString('latin1', at, headEnd).split(' ')
    const end = headEnd + 1 + Number(size)
    if (type === 'blob' || type === 'commit' || type === 'tag') {
      blobs += 1
      check(all.toString('latin1', headEnd + 1, end))
    }
    at = end + 1
  }
  return blobs
}

it('a key would be seen in each form it can have', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(holdsKey(`const key = \`${pem}\``)).toBe(true)
  expect(holdsKey(JSON.stringify({ type: 'service_account', private_key: pem }))).toBe(true)
  expect(holdsKey(Buffer.from(pem).toString('base64'))).toBe(true)
  expect(holdsKey(`${pem.split('\n', 1)[0]}\\nMIIEvQIBADANBgkq`)).toBe(false)
})

it('no file of the source tree holds a key', async () => {
  const files = await git('ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate')
  expect(files.length).toBeGreaterThan(100)
  const paths = files.map((file) => join(repository, file))
  const read = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())
  expect(read.filter((path) => holdsKey(readFileSync(path, 'latin1')))).toEqual([])
})

it('no version of a file in the history of git holds a key', { timeout: 120_000 }, async () => {
  const found: string[] = []
  const blobs = await everyBlob((text) => {
    if (holdsKey(text)) found.push(text.slice(0, 40))
  })
  expect(blobs).toBeGreaterThan(100)
  expect(found).toEqual([])
})
