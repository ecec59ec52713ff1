import { join } from 'node:path'
import type { ServiceName } from '../../fixtures/google-cloud/fault.ts'
import type { GoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'

/** What is put to the test. */
export interface Contender {
  readonly id: 'agent' | 'stock-cloud-trace' | 'stock-otlp'
  readonly title: string
  /** File for `--require`. */
  readonly preload: string
  /** What an outage of the receiving service hits, the one in use first. */
  readonly services: readonly [ServiceName, ...ServiceName[]]
  /** Uses Google's credentials and the way to Google's hosts. */
  readonly google: boolean
  /** Variables beside those of the cloud. */
  environment(cloud: GoogleCloud, stateFolder: string): Record<string, string>
}

/**
 * This agent.
 *
 * @param register absolute path of `register.cjs`
 */
export function agentContender(register: string): Contender {
  return {
    id: 'agent',
    title: 'this agent',
    preload: register,
    // The other protocol of Google is its alternative: an outage takes both.
    services: ['cloudTrace', 'otlp'],
    google: true,
    environment: (_cloud, stateFolder) => ({
      ZEN_TELEMETRY_DIR: stateFolder,
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_LOG_LEVEL: 'debug',
    }),
  }
}

/**
 * NodeSDK with its batch processor, once with Google's exporter and once with the one for OTLP.
 *
 * @param folder where the stock pair is installed
 */
export function stockContenders(folder: string): readonly Contender[] {
  return [
    {
      id: 'stock-cloud-trace',
      title: 'NodeSDK, TraceExporter',
      preload: join(folder, 'chaos-cloud-trace.cjs'),
      services: ['cloudTrace'],
      google: true,
      environment: () => ({}),
    },
    {
      id: 'stock-otlp',
      title: 'NodeSDK, OTLP exporter',
      preload: join(folder, 'chaos-otlp.cjs'),
      services: ['collector'],
      google: false,
      environment: (cloud) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: cloud.urls.collector }),
    },
  ]
}
