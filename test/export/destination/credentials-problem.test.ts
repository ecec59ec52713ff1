import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { communityKey, parseServiceAccountKey } from '../../../src/export/destination/community-key.ts'
import { credentialsProblem } from '../../../src/export/destination/credentials-problem.ts'
import { PRIVATE_KEY_LABEL } from '../../support/private-key-label.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const KEY = {
  type: 'service_account',
  client_email: 'zen@my-project.iam.gserviceaccount.com',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  private_key_id: 'abc',
}

function problemOf(content: unknown): string | undefined {
  const file = join(mkdtempSync(join(tmpdir(), 'zen-key-')), 'key.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const problem = credentialsProblem({ GOOGLE_APPLICATION_CREDENTIALS: file })
  if (problem) expect(problem).toMatch(`GOOGLE_APPLICATION_CREDENTIALS="${file}" cannot be used: `)
  return problem
}

describe('the file of GOOGLE_APPLICATION_CREDENTIALS', () => {
  it('need not be named', () => {
    expect(credentialsProblem({})).toBeUndefined()
    expect(credentialsProblem({ GOOGLE_APPLICATION_CREDENTIALS: ' ' })).toBeUndefined()
  })

  it.each([
    [KEY],
    [{ type: 'authorized_user', client_id: 'a', client_secret: 'b', refresh_token: 'c' }],
    [{ type: 'external_account', audience: 'a', subject_token_type: 'b', credential_source: {} }],
  ])('may be any kind of credentials: %o', (content) => {
    expect(problemOf(content)).toBeUndefined()
  })

  it.each([
    ['{ "type": "service_', /is not JSON/],
    ['', /is not JSON/],
    ['null', /does not hold credentials/],
    [{ installed: { client_id: 'a' } }, /of a kind that is known/],
    [{ ...KEY, private_key: undefined }, /"private_key" is missing/],
    [{ ...KEY, private_key: `-----BEGIN ${PRIVATE_KEY_LABEL}-----\nnope\n` }, /is not a private key/],
  ])('is one warning when it is %o', (content, expected) => {
    expect(problemOf(content)).toMatch(expected)
  })

  it.skipIf(process.platform === 'win32')('is one warning when it is a pipe, and is not waited for', () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'zen-key-')), 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(credentialsProblem({ GOOGLE_APPLICATION_CREDENTIALS: pipe })).toMatch(/it is a pipe or a device/)
  })

  it('is one warning when it is not there, or is a folder', () => {
    const missing = credentialsProblem({ GOOGLE_APPLICATION_CREDENTIALS: '/no/such/key.json' })
    expect(missing).toMatch(
      /"\/no\/such\/key\.json" cannot be used: there is no such file; using the credentials of/,
    )
    expect(credentialsProblem({ GOOGLE_APPLICATION_CREDENTIALS: tmpdir() })).toMatch(
      /cannot be read \(EISDIR\)/,
    )
  })

  it('is never quoted', () => {
    const problem = problemOf({ ...KEY, private_key: 'secret' })
    expect(problem).not.toMatch(/secret|zen@my-project/)
  })
})

describe('the community key', () => {
  it('is not in a build that was given none', () => {
    expect(communityKey()).toBeUndefined()
  })

  it('is read from the text of a key file', () => {
    expect(parseServiceAccountKey(JSON.stringify(KEY))).toEqual({
      clientEmail: KEY.client_email,
      privateKey: KEY.private_key,
      privateKeyId: 'abc',
    })
    for (const text of ['', '{', '[]', 'null', '{"client_email":"a"}'])
      expect(parseServiceAccountKey(text)).toBeUndefined()
  })
})
