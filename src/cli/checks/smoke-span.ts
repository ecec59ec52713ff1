import { randomBytes } from 'node:crypto'
import tls from 'node:tls'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/load-config.ts'
import { readProcessFacts } from '../../config/process-facts.ts'
import type { Destination } from '../../export/destination/destination.ts'
import { proxyEnvironment } from '../../export/destination/proxy-environment.ts'
import { createExporters } from '../../export/exporters/create-exporters.ts'
import type { ExportOutcome } from '../../export/exporters/exporter.ts'
import type { WireSpan } from '../../transport/wire.ts'

/** A span that was sent to try the way, and how that ended. */
export interface SmokeSpan {
  readonly traceId: string
  readonly spanId: string
  /** Name of the exporter. */
  readonly exporter: string
  readonly outcome: ExportOutcome
  readonly milliseconds: number
}

/** What every such span is called. */
export const SMOKE_SPAN_NAME = 'deployment.smoketest'

const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8

/**
 * Sends one span to where the program's spans would go, with the same exporter and credentials, past sampling and
 * journal. The libraries behind it read proxy variables from the process, so these are completed there as in the agent.
 *
 * @param config exporter, endpoints and timeout
 * @param destination as it was resolved
 * @param environment the environment of this process itself
 */
export async function sendSmokeSpan(
  config: Config,
  destination: Destination,
  environment: Environment,
): Promise<SmokeSpan> {
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
  Object.assign(environment, proxyEnvironment(environment))
  const { exporters } = createExporters({
    config,
    destination,
    environment,
    facts: readProcessFacts(undefined),
    compress: () => false,
  })
  const [exporter] = exporters
  const start = Date.now()
  const span: WireSpan = {
    traceId: randomBytes(TRACE_ID_BYTES).toString('hex'),
    spanId: randomBytes(SPAN_ID_BYTES).toString('hex'),
    name: SMOKE_SPAN_NAME,
    start: start - 1,
    end: start,
    origin: 'builtin',
    attributes: { test: true },
  }
  const before = performance.now()
  const outcome = await exporter.send([span], config.exportTimeoutSeconds * 1000)
  const milliseconds = Math.round(performance.now() - before)
  for (const opened of exporters) await opened.close()
  return { traceId: span.traceId, spanId: span.spanId, exporter: exporter.name, outcome, milliseconds }
}
