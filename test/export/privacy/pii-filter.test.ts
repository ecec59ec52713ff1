import { describe, expect, it } from 'vitest'
import { mapTexts } from '../../../src/export/privacy/map-texts.ts'
import { createPiiFilter, createTextFilter } from '../../../src/export/privacy/pii-filter.ts'
import { createSeededRandom } from './seeded-random.ts'
import { spanOf } from './span-of.ts'

const filter = createTextFilter({ user: 'jane.doe', host: 'janes-laptop.corp.example' })

/** Joined here, so that no scanner takes the test for a leak. */
const key = (...parts: string[]) => parts.join('')
const A36 = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const JWT = key('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P')
const PRIVATE_KEY = key(
  '-----BEGIN ',
  'PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0B\n-----END ',
  'PRIVATE KEY-----',
)

describe('the PII filter', () => {
  it.each([
    ['jane@example.com', '[email]'],
    ['mail <jane.doe+news@mail.example.co.uk>, then', 'mail <[email]>, then'],
    ['to jürgen@müller.example.', 'to [email].'],
    ['?q=jane%40example.com&x=1', '?q=[email]&x=1'],
    ["o'brien@example.com", "o'[email]"],
    ['git@github.com:acme/app', '[email]:acme/app'],
    ['a@example.com,b@example.com', '[email],[email]'],
    ['jane@example.com-', '[email]-'],
  ])('replaces e-mail addresses: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    [`Authorization: Bearer ${A36}`, 'Authorization: Bearer [token]'],
    ['bearer abc.def/ghi==', 'bearer [token]'],
    [`Bearer%20${A36}`, 'Bearer%20[token]'],
    ['Basic amFuZTpodW50ZXIy', 'Basic [token]'],
    [JWT, '[token]'],
    [`session=${JWT}; Path=/`, 'session=[token]; Path=/'],
    [`%22${JWT}%22`, '%22[token]%22'],
    [`Bearer ${JWT}`, 'Bearer [token]'],
    ['https://api.example/?access_token=abc123&page=2', 'https://api.example/?access_token=[secret]&page=2'],
    ['Server=db;Password=hunter2;Port=1', 'Server=db;Password=[secret];Port=1'],
    ['{"password":"hunter2","n":1}', '{"password":"[secret]","n":1}'],
    ['{\\"apiKey\\": \\"hunter2\\"}', '{\\"apiKey\\": \\"[secret]\\"}'],
    ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key=[secret]'],
  ])('replaces tokens: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    key('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
    key('ya29.', 'a0AfH6SMBx1234567890abcdef'),
    key('AKIA', 'IOSFODNN7EXAMPLE'),
    key('ASIA', 'IOSFODNN7EXAMPLE'),
    key('ghp_', A36),
    key('gho_', A36),
    key('github_pat_', '11ABCDEFG0_', A36),
    key('glpat-', 'abcdefghij1234567890'),
    key('xoxb-', '123456789012-1234567890123-AbCdEfGh'),
    key('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'),
    key('rk_test_', '4eC39HqLyjWDarjtT1zdp7dc'),
    key('sk-', 'proj-', A36),
    key('sk-', 'ant-api03-', A36),
    key('npm_', A36),
    key('SG.', 'abcdefghijklmnop1234', '.', A36),
    key('hf_', A36),
    key('dop_v1_', '0123456789abcdef'.repeat(4)),
  ])('replaces API keys, also inside of other text: %s', (secret) => {
    expect(filter(secret)).toBe('[api key]')
    expect(filter(`used ${secret}, failed`)).toBe('used [api key], failed')
    expect(filter(`{"k":"${secret}"}`)).toBe('{"k":"[api key]"}')
    expect(filter(`k%3D${secret}`)).toBe('k%3D[api key]')
    expect(filter(`line\\n${secret}`)).toBe('line\\n[api key]')
  })

  it('replaces private keys, also those whose end is cut off or whose lines are escaped', () => {
    expect(filter(`key: ${PRIVATE_KEY}!`)).toBe('key: [private key]!')
    expect(filter(`key: ${PRIVATE_KEY.slice(0, 50)}`)).toBe('key: [private key]')
    expect(filter(PRIVATE_KEY.replaceAll('\n', '\\n'))).toBe('[private key]')
    expect(filter(PRIVATE_KEY.replaceAll('PRIVATE', 'RSA PRIVATE'))).toBe('[private key]')
  })

  it.each([
    ['4111111111111111', '[card]'],
    ['card 4111 1111 1111 1111, please', 'card [card], please'],
    ['5500-0000-0000-0004', '[card]'],
    ['378282246310005', '[card]'],
    ['3782 822463 10005', '[card]'],
    ['4111 1111 1111 1111 123', '[card] 123'],
    ['"card":"4111111111111111"', '"card":"[card]"'],
    ['card%3D4111111111111111', 'card%3D[card]'],
    ['4222222222222', '[card]'],
  ])('replaces card numbers: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    ['connect ECONNREFUSED 10.1.2.3:5432', 'connect ECONNREFUSED [ip]:5432'],
    ['http://192.168.0.10/x', 'http://[ip]/x'],
    ['10.0.0.1-10.0.0.9', '[ip]-[ip]'],
    ['from 203.0.113.7.', 'from [ip].'],
    ['2001:db8::1', '[ip]'],
    ['[2001:db8::1]:443', '[[ip]]:443'],
    ['connect ECONNREFUSED 2001:db8:0:0:0:0:0:1:443', 'connect ECONNREFUSED [ip]:443'],
    ['peer:2001:db8::7.', 'peer:[ip].'],
    ['fe80::1ff:fe23:4567:890a%eth0', '[ip]%eth0'],
    ['::ffff:10.1.2.3', '[ip]'],
    ['client=2001:0db8:85a3:0000:0000:8a2e:0370:7334, x', 'client=[ip], x'],
  ])('replaces IP addresses: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    ['postgres://jane:hunter2@db.example/app', 'postgres://[user-info]@db.example/app'],
    ['https://jane@example.com', 'https://[user-info]@example.com'],
    ['redis://:p@ss@cache', 'redis://[user-info]@cache'],
    ['amqp://u:a/b@queue', 'amqp://[user-info]@queue'],
    ['https://u:p#?@x.example', 'https://[user-info]@x.example'],
  ])('replaces user-info in URLs: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    ['at f (/home/max/app/x.js:10:5)', 'at f (/home/[user]/app/x.js:10:5)'],
    ['file:///Users/max/x.mjs:1:2', 'file:///Users/[user]/x.mjs:1:2'],
    ['C:\\Users\\Max Power\\x.js:3', 'C:\\Users\\[user]\\x.js:3'],
    ['C:\\\\Users\\\\max\\\\x', 'C:\\\\Users\\\\[user]\\\\x'],
    ['file:///c:/users/max/x', 'file:///c:/users/[user]/x'],
    ['no such file C:\\Users\\max is missing', 'no such file C:\\Users\\[user] is missing'],
    ["ENOENT: '/home/max'", "ENOENT: '/home/[user]'"],
    ['cwd=%2Fhome%2Fmax%2Fapp', 'cwd=%2Fhome%2F[user]%2Fapp'],
  ])('replaces owners of home directories: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    ['jane.doe', '[user]'],
    ['lock of Jane.Doe on JANES-LAPTOP', 'lock of [user] on [host]'],
    ['janes-laptop.corp.example:80', '[host]:80'],
    ['/data/jane.doe/tmp_jane.doe_1', '/data/[user]/tmp_[user]_1'],
  ])('replaces the names of user and host as words: %j', (text, expected) => {
    expect(filter(text)).toBe(expected)
  })

  it.each([
    '1.2.3',
    'v1.2.3.4',
    'version 1.2.3.4',
    'Chrome/120.0.0.0',
    '1.3.6.1.4.1.311',
    '127.0.0.1:5432',
    '::1:5432',
    '2026-11-22T10:20:30.123Z',
    '10:20:30',
    '00:1b:44:11:3a:b7',
    '550e8400-e29b-41d4-a716-446655440000',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    'a4111111111111111',
    '0.4111111111111111',
    '1763800000000000',
    '4111111111111112',
    'at Object.<anonymous> (node:internal/modules/cjs/loader:1554:14)',
    'at f (/srv/app/node_modules/.pnpm/left-pad@1.3.0-beta.next/node_modules/left-pad/index.js:10:5)',
    'at f (/srv/app/node_modules/@zen/core/index.js:10:5)',
    'https://registry.example:4873/@zen/telemetry',
    'std::vector, Face::Bad, crater::b2',
    'Bearer authentication failed, Basic authentication too',
    'unexpected token: }',
    'sk-button-primary-large-rounded',
    'bypass=true',
    'GET /users/7',
    'janes.doe and djane.doe',
    'npm_config_registry',
    'process_command',
    '',
  ])('leaves alone: %j', (text) => {
    expect(filter(text)).toBe(text)
  })

  it('leaves the agent’s own words alone, whatever the user is called', () => {
    const odd = createTextFilter({ user: 'operation', host: 'loop.run' })
    expect(odd('zen.orchestrator.run')).toBe('zen.orchestrator.run')
    expect(odd('operation')).toBe('operation')
    expect(odd('my operation')).toBe('my [user]')
  })

  it.each(['root', 'node', 'Ubuntu', 'max', ''])('does not take the user name %j for personal', (user) => {
    const text = `the ${user} of it`
    expect(createTextFilter({ user, host: 'localhost' })(text)).toBe(text)
  })

  it('takes names with special characters literally', () => {
    const odd = createTextFilter({ user: 'DOM-1\\j+n(e', host: 'a.c*d' })
    expect(odd('by DOM-1\\j+n(e on a.c*d, not abccd')).toBe('by [user] on [host], not abccd')
  })

  it('changes nothing more when it is applied again', () => {
    const text = `jane@example.com 10.1.2.3 ${JWT} https://a:b@c.example password=x /home/max/y jane.doe ${PRIVATE_KEY}`
    expect(filter(filter(text))).toBe(filter(text))
  })

  it('lets no secret out that is cut in half where the text is too long', () => {
    const random = createSeededRandom(3)
    for (let round = 0; round < 20; round++) {
      const text = `${'x'.repeat(random.below(100))} ${'jane@example.com '.repeat(10 + random.below(6000))}`
      expect(filter(`${text}${`${key('AIza', 'Q'.repeat(35))} `.repeat(3000)}`)).not.toMatch(/jane|AIza|Q{2}/)
    }
  })
})

describe('the PII filter on a span', () => {
  it('looks at names, attribute names and values, arrays, messages and stacks', () => {
    const error = {
      type: 'Error',
      message: 'no jane@example.com',
      stack: 'Error: no\n at /home/max/x.js:1:2',
    }
    const span = spanOf({
      name: 'mail jane@example.com',
      attributes: {
        'to jane@example.com': 'jane@example.com',
        list: ['a', 'jane@example.com'],
        card: 4111111111111111,
        cards: [1, 4111111111111111],
        n: [1, 2],
        ok: true,
      },
      error,
      recorded: [{ ...error, at: 1 }],
    })
    const filtered = { type: 'Error', message: 'no [email]', stack: 'Error: no\n at /home/[user]/x.js:1:2' }
    expect(mapTexts(span, createPiiFilter({}))).toEqual({
      ...span,
      name: 'mail [email]',
      attributes: {
        'to [email]': '[email]',
        list: ['a', '[email]'],
        card: '[card]',
        cards: ['1', '[card]'],
        n: [1, 2],
        ok: true,
      },
      error: filtered,
      recorded: [{ ...filtered, at: 1 }],
    })
  })
})
