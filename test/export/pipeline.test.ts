import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import * as resolving from '../../src/export/destination/resolve-destination.ts'
import { thisOwner } from '../../src/export/journal/segment-owner.ts'
import { createPipeline } from '../../src/export/pipeline.ts'
import type { Mode, WireSpan } from '../../src/transport/wire.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { recordingLog } from './delivery/recording-log.ts'
import { spanOf } from './privacy/span-of.ts'

vi.mock('../../src/export/destination/resolve-destination.ts', { spy: true })

const minVersion = tls.DEFAULT_MIN_VERSION
afterEach(() => {
  tls.DEFAULT_MIN_VERSION = minVersion
  vi.mocked(resolving.resolveDestination).mockReset()
})

interface Request {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[]
  }[]
}

/** Nobody waits so long. */
const MOST_MS = 20_000

/** A pipeline that writes to files in a folder of its own. */
function setUp(variables: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const folder = tempFolder()
  const { config } = loadConfig({
    ZEN_GCP_PROJECT: 'shop-production',
    ZEN_TELEMETRY_EXPORTER: 'local',
    ZEN_TELEMETRY_DIR: folder,
    ...variables,
  })
  const { log, lines } = recordingLog()
  const modes: Mode[] = []
  let settled = 0
  let journaled = 0
  const pipeline = createPipeline({
    config,
    facts: { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' },
    environment,
    log,
    owner: thisOwner('00000001', 0),
    inherited: 0,
    unsampledErrors: () => 0,
    onJournaled: (count) => {
      journaled = count
    },
    onSettled: (count) => {
      settled += count
    },
    takeQueueDrops: () => ({ full: 0, oversize: 0, fallback: 0, inWorkers: 0 }),
    onDestination: (mode) => modes.push(mode),
    onCircuit: () => {},
    changedSettings: () => ({ batchSize: 0, intervalMs: 0, timeoutMs: 0 }),
    onBudget: () => {},
    watchLoad: (base) => ({
      tuning: base,
      spanAdded: () => {},
      requestEnded: () => {},
      records: () => [],
      inForce: () => [],
    }),
    takeUnread: () => {},
    unread: () => 0,
    rateBound: () => 1,
  })

  function written(): string {
    const traces = join(folder, 'traces')
    if (!existsSync(traces)) return ''
    return readdirSync(traces)
      .map((name) => readFileSync(join(traces, name), 'utf8'))
      .join('')
  }

  function writtenNames(): string[] {
    return written()
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => (JSON.parse(line) as Request).resourceSpans)
      .flatMap((resource) => resource.scopeSpans)
      .flatMap((scope) => scope.spans.map((span) => span.name))
  }

  return {
    pipeline,
    folder,
    lines,
    spoken: () => lines.filter((text) => !text.startsWith('debug')),
    modes,
    settled: () => settled,
    journaled: () => journaled,
    written,
    writtenNames,
  }
}

function line(fields: Partial<WireSpan> = {}): string {
  return JSON.stringify(spanOf(fields))
}

describe('the pipeline', () => {
  it('takes spans from lines to a file, also those that came before the destination was decided', async () => {
    const { pipeline, settled, modes, writtenNames } = setUp()
    pipeline.accept([line({ name: 'early' })])
    expect(modes).toEqual([])
    await vi.waitUntil(() => modes.length > 0)
    pipeline.accept([line({ name: 'late' }), line({ name: 'later' })])
    await pipeline.finish(MOST_MS)
    expect(modes).toEqual(['private'])
    expect(writtenNames()).toEqual(['early', 'late', 'later'])
    expect(settled()).toBe(3)
  })

  it('decides before it finishes, so that a short process loses nothing', async () => {
    const { pipeline, settled, writtenNames } = setUp()
    pipeline.accept([line({ name: 'only' })])
    await pipeline.finish(MOST_MS)
    expect([settled(), writtenNames()]).toEqual([1, ['only']])
  })

  it('filters before anything is written', async () => {
    const { pipeline, written } = setUp()
    pipeline.accept([line({ error: { type: 'Error', message: 'no account for jane.doe@example.com' } })])
    await pipeline.finish(MOST_MS)
    expect(written()).toContain('no account for')
    expect(written()).not.toContain('jane.doe')
  })

  it('survives lines that are no spans, and takes the others', async () => {
    const { pipeline, settled, writtenNames } = setUp()
    pipeline.accept([
      '',
      '{',
      'null',
      '5',
      '"text"',
      '[]',
      '{}',
      '{"name":5,"attributes":null}',
      line({ name: 'good' }),
    ])
    await pipeline.finish(MOST_MS)
    expect(writtenNames()).toContain('good')
    expect(settled()).toBe(9)
  })

  it('settles what the limits refuse, and says so', async () => {
    const { pipeline, settled, lines } = setUp()
    const many = Array.from({ length: 10_100 }, () => line())
    pipeline.accept(many)
    await pipeline.finish(MOST_MS)
    expect(settled()).toBe(many.length)
    expect(lines.filter((text) => text.startsWith('warn')).join('\n')).toContain('spans_per_minute: 99')
  })

  it('drops what waits when telemetry is switched off, before and after the destination is decided', async () => {
    const { pipeline, settled, modes, written } = setUp()
    pipeline.accept([line()])
    pipeline.discard()
    expect(settled()).toBe(1)
    await vi.waitUntil(() => modes.length > 0)
    pipeline.accept([line(), line()])
    pipeline.discard()
    await pipeline.finish(MOST_MS)
    expect([settled(), written()]).toEqual([3, ''])
  })

  it('keeps a bounded number while the destination is undecided', async () => {
    const { pipeline, settled } = setUp()
    pipeline.accept(Array.from({ length: 20_010 }, () => line()))
    expect(settled()).toBe(10)
    pipeline.discard()
    await pipeline.finish(MOST_MS)
    expect(settled()).toBe(20_010)
  })

  it('says at level info where spans go, and nothing louder', async () => {
    const { pipeline, spoken } = setUp()
    await pipeline.finish(MOST_MS)
    expect(spoken()).toEqual(['info: spans go to project shop-production (from ZEN_GCP_PROJECT)'])
  })

  describe('where the metadata server is late', () => {
    let cloud: GoogleCloud
    beforeEach(async () => {
      cloud = await startGoogleCloud({ projectId: 'late-project' })
      await cloud.faults.set('metadata', { kind: 'hang' })
    })
    afterEach(() => cloud.close())
    const late = (variables: Record<string, string> = {}) =>
      setUp({ ZEN_GCP_PROJECT: '', ...variables }, { GCE_METADATA_HOST: new URL(cloud.urls.metadata).host })

    it('has spans wait, and takes them to the project once it is known', async () => {
      const { pipeline, lines, settled, modes, writtenNames } = late()
      pipeline.accept([line({ name: 'early' })])
      await vi.waitUntil(() => lines.some((text) => text.includes('does not name the project yet')), MOST_MS)
      expect([modes, settled(), writtenNames()]).toEqual([[], 0, []])
      await cloud.faults.clear()
      await vi.waitUntil(() => modes.length > 0, MOST_MS)
      await pipeline.finish(MOST_MS)
      expect([modes, settled(), writtenNames()]).toEqual([['private'], 1, ['early']])
    })

    it('does not keep a process that ends, and leaves its spans to the next', async () => {
      const { pipeline, lines, folder, journaled } = late({ ZEN_TELEMETRY_EXPORTER: 'cloud-trace' })
      pipeline.accept([line({ origin: 'builtin', name: 'zen.orchestrator.run' })])
      await vi.waitUntil(() => lines.some((text) => text.includes('does not name the project yet')), MOST_MS)
      // Longer than the test may take.
      await pipeline.finish(10 * MOST_MS)
      expect(journaled()).toBe(1)
      expect(readdirSync(join(folder, 'journal'))).toHaveLength(1)
    })
  })

  it('warns about a value that is no project, and uses the next', async () => {
    const { pipeline, lines } = setUp({ ZEN_GCP_PROJECT: 'NO!', GCP_PROJECT: 'shop-staging' })
    await pipeline.finish(MOST_MS)
    expect(lines[0]).toMatch(
      /^warn: ZEN_GCP_PROJECT="NO!" is not the id of a project; using GCP_PROJECT="shop-staging"/,
    )
  })

  it('counts and settles everything where no destination can be decided', async () => {
    vi.mocked(resolving.resolveDestination).mockRejectedValue(new Error('no way'))
    const { pipeline, settled, spoken, modes } = setUp()
    pipeline.accept([line(), line()])
    await pipeline.finish(MOST_MS)
    pipeline.accept([line()])
    await pipeline.finish(MOST_MS)
    expect([settled(), modes]).toEqual([3, []])
    expect(spoken()).toEqual(['error: the export thread cannot send spans: no way'])
  })

  it('says once what to do where the folder cannot be written, and keeps the spans for later', async () => {
    const { pipeline, folder, lines, settled, modes } = setUp()
    writeFileSync(join(folder, 'traces'), 'a file stands here')
    await vi.waitUntil(() => modes.length > 0)
    pipeline.accept(Array.from({ length: 512 }, () => line()))
    await vi.waitUntil(() => lines.some((text) => text.startsWith('warn')))
    expect(lines.filter((text) => text.startsWith('warn'))).toEqual([
      expect.stringMatching(
        /512 spans not accepted by local.*traces cannot be written.*Set ZEN_TELEMETRY_DIR/,
      ),
    ])
    expect(settled()).toBe(0)
    pipeline.discard()
    await pipeline.finish(MOST_MS)
    expect(settled()).toBe(512)
  })
})
