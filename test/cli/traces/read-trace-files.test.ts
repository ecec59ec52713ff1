import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTraceFiles } from '../../../src/cli/traces/read-trace-files.ts'

const ROOT = {
  traceId: 'a1',
  spanId: 'b1',
  parentSpanId: '',
  name: 'zen.orchestrator.run',
  startTimeUnixNano: '1795349022176486000',
  endTimeUnixNano: '1795349022178486500',
  attributes: [{ key: 'operation', value: { stringValue: 'main_loop' } }],
  status: { code: 1 },
}
const FAILED = {
  ...ROOT,
  spanId: 'b2',
  parentSpanId: 'b1',
  attributes: [
    { key: 'error.type', value: { stringValue: 'TypeError' } },
    { key: 'zen.incomplete', value: { boolValue: true } },
  ],
  status: { code: 2, message: 'no' },
}

function stateFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'demo-state-'))
  mkdirSync(join(folder, 'traces'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'traces', name), content)
  return folder
}

function line(...spans: readonly object[]): string {
  return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })}\n`
}

describe('readTraceFiles', () => {
  it('reads the spans of every line of every file', () => {
    const folder = stateFolder({ 'traces-1.jsonl': line(ROOT) + line(FAILED), 'traces-2.jsonl': line(ROOT) })
    expect(readTraceFiles(folder).map(({ spanId }) => spanId)).toEqual(['b1', 'b2', 'b1'])
  })

  it('gives what the drawing needs: times to the microsecond, the parent, error and incompleteness', () => {
    const [root, failed] = readTraceFiles(stateFolder({ 'traces-1.jsonl': line(ROOT, FAILED) }))
    expect(root).toMatchObject({ parentSpanId: undefined, errorType: undefined, incomplete: false })
    expect(root!.end - root!.start).toBeCloseTo(2, 3)
    expect(failed).toMatchObject({ parentSpanId: 'b1', errorType: 'TypeError', incomplete: true })
  })

  it('finds nothing where nothing was written', () => {
    expect(readTraceFiles(join(tmpdir(), 'there-is-no-such-folder'))).toEqual([])
  })
})
