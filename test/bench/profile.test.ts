import { expect, test } from 'vitest'
import { partOfFrame } from '../../bench/profile/part-of-frame.ts'
import { readProfile } from '../../bench/profile/recorded-profile.ts'

const frame = (functionName: string, url: string, lineNumber = 0, columnNumber = 0) => ({
  functionName,
  url,
  lineNumber,
  columnNumber,
})

const INSTALLED = 'file:///app/node_modules/@zen/telemetry/dist'

test('each sample of a CPU profile stands for the time until the next one', () => {
  const text = JSON.stringify({
    nodes: [
      { id: 1, callFrame: frame('work', 'file:///app/main.js') },
      { id: 2, callFrame: frame('(idle)', '') },
    ],
    samples: [1, 2, 1],
    timeDeltas: [700, 2000, 5000],
  })
  expect(readProfile(text).map(({ frame: { functionName }, amount }) => [functionName, amount])).toEqual([
    ['work', 2],
    ['(idle)', 5],
  ])
})

test('a heap profile says what each function still holds, in kilobytes', () => {
  const leaf = { callFrame: frame('load', 'node:fs'), selfSize: 1500, children: [] }
  const text = JSON.stringify({ head: { callFrame: frame('(root)', ''), selfSize: 0, children: [leaf] } })
  expect(readProfile(text).map(({ amount }) => amount)).toEqual([0, 1.5])
})

test.each([
  ['src/export/privacy/rules.ts', 'agent: export/privacy'],
  ['src/export/pipeline.ts', 'agent: export'],
  ['src/activate.ts', 'agent: activate'],
  ['src/transport/finish-handshake.ts', 'agent: waiting for the last delivery'],
  ['node_modules/@grpc/grpc-js/build/src/channel.js', 'bundled: @grpc/grpc-js'],
  ['node_modules/pbf/index.js', 'bundled: pbf'],
])('a place of a bundle that was made from %s counts as %s', (source, part) => {
  const sourceOf = (bundle: string, line: number, column: number) =>
    bundle === 'export/cloud-trace.cjs' && line === 3 && column === 7 ? source : undefined
  expect(partOfFrame(frame('x', `${INSTALLED}/export/cloud-trace.cjs`, 3, 7), sourceOf)).toBe(part)
})

test.each([
  ['(idle)', '', undefined],
  ['(root)', '', undefined],
  ['(garbage collector)', '', 'V8: garbage collector'],
  ['write', '', 'native code'],
  ['compile', 'node:internal/modules/cjs/loader', 'Node: modules'],
  ['connect', 'node:internal/http2/core', 'Node: network and crypto'],
  ['main', 'file:///app/main.js', 'program'],
  ['', `${INSTALLED}/agent.cjs`, 'agent: agent.cjs'],
])('%s in "%s" counts as %s', (name, url, part) => {
  expect(partOfFrame(frame(name, url), () => undefined)).toBe(part)
})
