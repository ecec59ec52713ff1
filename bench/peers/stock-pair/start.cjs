'use strict'

// As the README of both packages has it. The exit hook is what users add: without it a script delivers nothing.
const { TraceExporter } = require('@google-cloud/opentelemetry-cloud-trace-exporter')
const { trace } = require('@opentelemetry/api')
const { NodeSDK } = require('@opentelemetry/sdk-node')

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
