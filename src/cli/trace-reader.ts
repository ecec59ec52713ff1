/** The entry of a thread that reads the spans of one trace for the programming interface, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { stateFolder } from '../config/state-folder.ts'
import { resolveHere } from './resolve-here.ts'
import type { TraceReaderInput } from '../transport/wire.ts'
import { readCloudTrace } from './checks/read-cloud-trace.ts'
import { attributeValues } from './traces/attribute-values.ts'
import { readTraceFiles } from './traces/read-trace-files.ts'

const { config, traceId } = workerData as TraceReaderInput

const local = readTraceFiles(stateFolder(config.directory, process.env))
  .filter((span) => span.traceId === traceId)
  .map(({ spanId, parentSpanId, name, start, end, otlp }) => ({
    traceId,
    spanId,
    sampled: true,
    parentSpanId,
    name,
    start,
    end,
    attributes: attributeValues(otlp.attributes),
  }))

// A failure ends the thread with an error, which is the answer then.
void answer()

async function answer(): Promise<void> {
  parentPort?.postMessage(local.length > 0 ? local : await fromCloudTrace())
}

/** Asked only where spans are sent: who keeps them on the machine wants no request either. */
async function fromCloudTrace(): Promise<readonly object[]> {
  if (config.exporter !== 'cloud-trace' && config.exporter !== 'otlp') return []
  const { destination } = await resolveHere(config, process.env)
  if (destination.mode !== 'private' || destination.projectId === undefined) return []
  return readCloudTrace(destination.projectId, traceId)
}
