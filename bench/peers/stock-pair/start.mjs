// As the README of both packages has it. The exit hook is what users add: without it a script delivers nothing.
import { TraceExporter } from '@google-cloud/opentelemetry-cloud-trace-exporter'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ traceExporter: new TraceExporter() })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())

const tracer = trace.getTracer('bench')
globalThis.benchTraced = (work) =>
  tracer.startActiveSpan('zen.orchestrator.run', async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
