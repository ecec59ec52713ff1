// The stock exporter, as any application would use it: one span, then what became of it on stdout.
import { TraceExporter } from '@google-cloud/opentelemetry-cloud-trace-exporter'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { printResults } from './print-results.mjs'

const exporter = printResults(new TraceExporter())
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'child' }),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
})
const span = provider.getTracer('child').startSpan(process.argv[2] ?? 'hello', {
  attributes: JSON.parse(process.argv[3] ?? '{"answer":42}'),
})
span.addEvent('asked', { of: 'the child' })
span.setStatus({ code: 1 })
span.end()
await provider.forceFlush()
