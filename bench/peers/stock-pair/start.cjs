'use strict'

// As the README of both packages has it. The exit hook is what users add: without it a script delivers nothing.
const { trace } = require('@opentelemetry/api')
const { NodeSDK } = require('@opentelemetry/sdk-node')

const sdk = new NodeSDK({ traceExporter: createExporter(process.env.BENCH_EXPORTER) })
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
globalThis.benchSpan = (work) =>
  tracer.startActiveSpan('zen.orchestrator.run', (span) => {
    try {
      return work()
    } finally {
      span.end()
    }
  })

/** Google's own, unless another is asked for: the one for OTLP, or one that throws all away. */
function createExporter(name) {
  if (name === 'none') return { export: (_, done) => done({ code: 0 }), shutdown: async () => {} }
  if (name === 'otlp') {
    const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto')
    return new OTLPTraceExporter()
  }
  const { TraceExporter } = require('@google-cloud/opentelemetry-cloud-trace-exporter')
  return new TraceExporter()
}
