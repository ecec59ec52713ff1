'use strict'

// What somebody writes who traces the same calls by hand, with the exit hooks that the documentation of OpenTelemetry has.
const { trace, SpanStatusCode } = require('@opentelemetry/api')
const { NodeSDK } = require('@opentelemetry/sdk-node')

/**
 * Starts the SDK with an exporter of spans and traces the calls of `ZenOrchestrator`.
 *
 * @param {import('@opentelemetry/sdk-node').node.SpanExporter} traceExporter
 */
exports.traceZen = (traceExporter) => {
  const sdk = new NodeSDK({ traceExporter })
  sdk.start()
  process.once('beforeExit', () => void sdk.shutdown().catch(() => {}))
  process.once(
    'SIGTERM',
    () =>
      void sdk
        .shutdown()
        .catch(() => {})
        .finally(() => process.exit(0)),
  )

  const tracer = trace.getTracer('zen')
  const { ZenOrchestrator } = require(require.resolve('zen', { paths: [process.cwd()] }))
  const names = { run: 'zen.orchestrator.run', processCommand: 'zen.orchestrator.process_command' }
  for (const [method, name] of Object.entries(names)) {
    const original = ZenOrchestrator.prototype[method]
    ZenOrchestrator.prototype[method] = function (...args) {
      return tracer.startActiveSpan(name, async (span) => {
        try {
          return await original.apply(this, args)
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR })
          throw error
        } finally {
          span.end()
        }
      })
    }
  }
}
