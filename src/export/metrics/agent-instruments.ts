import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics'
import type { Attributes } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { VERSION } from '../../shared/version.ts'
import type { DeliveryRecord } from './delivery-record.ts'

/** What the agent's own metrics are read from. */
export interface MetricSources {
  readonly record: DeliveryRecord
  /** How many spans wait, in the queue between the threads and behind it. */
  readonly queueSize: () => number
  /** Bytes of spans that wait on disk. */
  readonly journalBytes: () => number
}

const AGENT = '@zen/telemetry'
const MILLISECOND_BOUNDARIES = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000]

/**
 * Makes the instruments of the agent. All but the durations are read when somebody asks for them.
 *
 * @param reader collects them
 * @returns the provider, to be flushed at the end
 */
export function createAgentInstruments(
  reader: MetricReader,
  resource: Resource,
  { record, queueSize, journalBytes }: MetricSources,
): MeterProvider {
  const provider = new MeterProvider({ resource, readers: [reader] })
  const meter = provider.getMeter(AGENT, VERSION)

  meter
    .createObservableCounter('telemetry.spans.exported', { unit: '{span}', description: 'Spans delivered' })
    .addCallback((result) => result.observe(record.spans.deliveredTotal))
  observeEach(
    'telemetry.spans.dropped',
    '{span}',
    'Spans not delivered',
    'reason',
    record.spans.droppedTotals,
  )
  observeEach('telemetry.errors', '{error}', 'Requests that failed', 'type', record.errors)
  meter
    .createObservableCounter('telemetry.quota.exceeded', {
      unit: '{request}',
      description: 'Requests refused because a quota was used up',
    })
    .addCallback((result) => result.observe(record.errors.get('throttled') ?? 0))
  gauge('telemetry.queue.size', '{span}', 'Spans that wait for delivery', queueSize)
  gauge('telemetry.journal.size', 'By', 'Spans that wait on disk', journalBytes)
  gauge('telemetry.breaker.state', '1', '1 while deliveries fail and fewer spans are recorded, else 0', () =>
    record.failing ? 1 : 0,
  )
  const duration = meter.createHistogram('telemetry.export.duration', {
    unit: 'ms',
    description: 'Time from sending a request to its answer',
    advice: { explicitBucketBoundaries: MILLISECOND_BOUNDARIES },
  })
  record.listen((durationMs, failure) =>
    duration.record(durationMs, { outcome: failure?.kind ?? 'accepted' }),
  )
  return provider

  function gauge(name: string, unit: string, description: string, read: () => number): void {
    meter.createObservableGauge(name, { unit, description }).addCallback((result) => result.observe(read()))
  }

  function observeEach(
    name: string,
    unit: string,
    description: string,
    attribute: string,
    totals: ReadonlyMap<string, number>,
  ): void {
    meter.createObservableCounter(name, { unit, description }).addCallback((result) => {
      for (const [value, total] of totals) result.observe(total, { [attribute]: value } satisfies Attributes)
    })
  }
}
