import { expect, it } from 'vitest'
import { readSettings } from '../../src/interface/read-settings.ts'
import { controlOf } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading } from '../../src/transport/queue-reader.ts'
import { openForWriting } from '../../src/transport/queue-writer.ts'
import { loadSampleRate, loadSendingSettings, storeSettings } from '../../src/transport/runtime-settings.ts'

it('settings are checked as the environment is, and reach every thread', () => {
  const { settings, problems } = readSettings({
    sampleRate: 0.25,
    batchSize: 7,
    queueSize: 1,
    flushInterval: 0.5,
    exportTimeout: 3,
    enabled: true,
  })
  expect(problems).toEqual([])
  const memory = allocateSpanQueue(1)
  const control = controlOf(memory)
  expect([loadSampleRate(control), loadSendingSettings(control)]).toEqual([
    undefined,
    { batchSize: 0, intervalMs: 0, timeoutMs: 0 },
  ])
  storeSettings(control, settings)
  expect(loadSampleRate(control)).toBe(0.25)
  expect(loadSendingSettings(control)).toEqual({ batchSize: 7, intervalMs: 500, timeoutMs: 3000 })
  const { write } = openForWriting(memory, 100)
  write('first')
  openForReading(memory).take()
  expect([write('a'), write('b')]).toEqual([true, false])
})

it.each<[unknown]>([
  [{ sampleRate: 1.5 }],
  [{ sampleRate: '1' }],
  [{ batchSize: 0.5 }],
  [{ queueSize: Number.NaN }],
  [{ enabled: 'yes' }],
  [{ constructor: 1 }],
  [null],
])('what cannot be used changes nothing and throws nothing: %j', (given) => {
  const { settings, problems } = readSettings(given as never)
  expect(settings).toEqual({})
  expect(problems).toHaveLength(given === null ? 0 : 1)
})
