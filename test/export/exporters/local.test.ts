import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Exporter } from '../../../src/export/exporters/exporter.ts'
import { createLocalExporter } from '../../../src/export/exporters/local.ts'
import type { TraceFilesLimits } from '../../../src/export/exporters/trace-files.ts'
import { makeSpan } from './make-span.ts'

const FACTS = { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' }
let stateFolder: string
let traces: string
let open: Exporter[] = []

beforeEach(() => {
  stateFolder = join(mkdtempSync(join(tmpdir(), 'zen-local-')), 'state')
  traces = join(stateFolder, 'traces')
})
afterEach(async () => {
  for (const exporter of open) await exporter.close()
  open = []
  rmSync(join(stateFolder, '..'), { recursive: true, force: true })
})

function create(limits?: TraceFilesLimits): Exporter {
  const resource = { mode: 'local' as const, serviceName: 'shop', facts: FACTS }
  const exporter = createLocalExporter({ stateFolder, resource, ...(limits && { limits }) })
  open.push(exporter)
  return exporter
}

function lines(): { resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[] }[] {
  return readdirSync(traces)
    .toSorted()
    .flatMap((name) => readFileSync(join(traces, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line))
}

const names = () =>
  lines().flatMap((line) =>
    line.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans.map((x) => x.name))),
  )

describe('local traces', () => {
  it('are lines of OTLP/JSON, one for each request', async () => {
    const exporter = create()
    const span = makeSpan({ name: 'a' })
    expect(await exporter.send([span, makeSpan({ name: 'b' })], 0)).toEqual({ status: 'accepted' })
    await exporter.send([makeSpan({ name: 'c' })], 0)
    expect(lines()).toHaveLength(2)
    expect(names()).toEqual(['a', 'b', 'c'])
    expect(lines()[0]?.resourceSpans[0]?.scopeSpans[0]?.spans[0]).toMatchObject({
      traceId: span.traceId,
      spanId: span.spanId,
      startTimeUnixNano: `${BigInt(span.start * 1000) * 1000n}`,
      status: { code: 1 },
    })
    expect(lines()[0]?.resourceSpans[0]).toMatchObject({
      resource: {
        attributes: expect.arrayContaining([{ key: 'service.name', value: { stringValue: 'shop' } }]),
      },
    })
  })

  it('are for their owner alone', async () => {
    await create().send([makeSpan()], 0)
    const [name = ''] = readdirSync(traces)
    expect(name).toMatch(new RegExp(`^traces-\\d{8}T\\d{9}Z-${process.pid}\\.jsonl$`))
    expect(statSync(traces).mode & 0o777).toBe(0o700)
    expect(statSync(join(traces, name)).mode & 0o777).toBe(0o600)
  })

  it('create nothing before the first span', () => {
    create()
    expect(() => readdirSync(stateFolder)).toThrow(/ENOENT/)
  })

  it('are bounded: a full file is followed by a new one, the oldest goes', async () => {
    const exporter = create({ fileBytes: 3000, totalBytes: 9000, files: 100 })
    for (let i = 0; i < 60; i += 1) {
      await exporter.send([makeSpan({ name: `span ${i}` })], 0)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const sizes = readdirSync(traces).map((name) => statSync(join(traces, name)).size)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3000)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(9000)
    expect(names().at(-1)).toBe('span 59')
    expect(names()).not.toContain('span 0')
  })

  it('of other processes count too, and nothing else in the folder is touched', async () => {
    mkdirSync(traces, { recursive: true })
    for (let i = 0; i < 5; i += 1) writeFileSync(join(traces, `traces-20260101T00000000${i}Z-1.jsonl`), 'x')
    writeFileSync(join(traces, 'notes.txt'), 'mine')
    await create({ fileBytes: 3000, totalBytes: 9000, files: 4 }).send([makeSpan()], 0)
    const left = readdirSync(traces).toSorted()
    expect(left).toHaveLength(5)
    expect(left).toContain('notes.txt')
    expect(left).not.toContain('traces-20260101T000000000Z-1.jsonl')
    expect(left).toContain('traces-20260101T000000004Z-1.jsonl')
  })

  it('go on in a new file when another process removed this one', async () => {
    const exporter = create()
    await exporter.send([makeSpan({ name: 'a' })], 0)
    for (const name of readdirSync(traces)) unlinkSync(join(traces, name))
    await exporter.send([makeSpan({ name: 'b' })], 0)
    expect(names()).toEqual(['b'])
  })

  it('are refused by a symbolic link in place of the folder', async () => {
    const elsewhere = join(stateFolder, 'elsewhere')
    mkdirSync(elsewhere, { recursive: true })
    symlinkSync(elsewhere, traces)
    expect(await create().send([makeSpan()], 0)).toMatchObject({
      status: 'failed',
      retryable: true,
      message: expect.stringContaining(`"${traces}" is a symbolic link`),
    })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  it('that cannot be written are a failure that names the folder', async () => {
    mkdirSync(join(stateFolder, '..'), { recursive: true })
    writeFileSync(stateFolder, 'a file')
    const outcome = await create().send([makeSpan()], 0)
    expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining(traces) })
  })

  it('are written once the folder can be written', async () => {
    writeFileSync(stateFolder, 'a file')
    const exporter = create()
    await exporter.send([makeSpan()], 0)
    rmSync(stateFolder)
    expect(await exporter.send([makeSpan({ name: 'b' })], 0)).toEqual({ status: 'accepted' })
    expect(names()).toEqual(['b'])
    chmodSync(traces, 0o700)
  })
})
