import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPrivacyFilter } from '../../src/export/privacy/filter.ts'
import { withoutSecrets } from '../../src/export/privacy/without-secrets.ts'
import type { Mode, WireSpan } from '../../src/transport/wire.ts'
import { expectFastOnEach } from './fast-on-each.ts'

/** Longest message or stack that the application thread hands over. */
const LONGEST = 16_384

/** Beginnings and insides of what the filter looks for, and what can make a pattern go back. */
const PIECES =
  String.raw`:// @ %40 . - _ = % \ / : :: " ' [ ] eyJ Bearer bearer basic AIza AKIA ghp_ sk- xoxb- npm_ SG.
  PRIVATE -----BEGIN KEY----- -----END password= "token": access_ /home/ /Users/ C:\Users\ 4111 1111 a 0 f é 😀
  203.0.113.7 2001:db8:: jane jane@example.com laptop version aaaaaaaaaaaaaaaaaaaaaaaa 1111111111111111`.split(
    /\s+/,
  )

const piece = fc.oneof(fc.constantFrom(...PIECES, ' ', '\n'), fc.string({ unit: 'binary', maxLength: 6 }))
const short = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const repeated = fc
  .tuple(piece, piece, fc.nat(LONGEST))
  .map(([one, other, length]) => (one + other || 'a').repeat(length).slice(0, length))
const text = fc.oneof({ weight: 60, arbitrary: short }, { weight: 1, arbitrary: repeated })

const scalar = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null as unknown as string))
const value = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
)
const error = fc.record({ type: text, message: text, stack: text }, { requiredKeys: ['type'] })
const span = fc.record(
  {
    traceId: fc.constant('0af7651916cd43dd8448eb211c80319c'),
    spanId: fc.constant('b7ad6b7169203331'),
    name: fc.oneof(fc.constant('zen.orchestrator.run'), text),
    start: fc.double(),
    end: fc.double(),
    origin: fc.constantFrom('builtin', 'configured', 'code'),
    attributes: fc.dictionary(
      fc.oneof(short, fc.constantFrom('operation', '__proto__', 'zen.version')),
      value,
      { maxKeys: 4 },
    ),
    error,
    recorded: fc.array(fc.record({ type: text, message: text, at: fc.double() }), { maxLength: 2 }),
    incomplete: fc.constant(true),
  },
  { requiredKeys: ['traceId', 'spanId', 'name', 'start', 'end', 'origin', 'attributes'] },
) as unknown as fc.Arbitrary<WireSpan>

const filterOf = (mode: Mode) =>
  createPrivacyFilter({
    mode,
    config: {
      piiFilter: true,
      attributesAllow: ['a*', '*b?'],
      attributesDeny: ['*secret*'],
      errorDetails: 'stack',
    },
    names: { user: 'jane', host: 'laptop.example' },
  })

it.each(['private', 'public'] as const)('the filter of %s mode gets through every span', (mode) => {
  const filter = filterOf(mode)
  expectFastOnEach(span, (given) => void filter(given))
})

it('secrets are taken out of every line of the log', () => {
  expectFastOnEach(text, (line) => void withoutSecrets(line))
})

it('no e-mail address gets through the filter, whatever stands around it', () => {
  const filter = filterOf('private')
  const around = fc.tuple(fc.constantFrom('', ' ', '(', '<', '"', '=', ',', '\n'), short)
  fc.assert(
    fc.property(around, ([before, text]) => {
      const error = { type: 'Error', message: `${text}${before} kim.lee@shop.example ${text}` }
      expect(filter({ ...SPAN, error })?.error?.message).not.toContain('kim.lee@shop.example')
    }),
    { numRuns: 10_000, seed: 7 },
  )
})

const SPAN: WireSpan = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'zen.orchestrator.run',
  start: 1,
  end: 2,
  origin: 'builtin',
  attributes: {},
}
