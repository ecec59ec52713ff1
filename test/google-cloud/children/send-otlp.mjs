// The stock OTLP exporter with Google credentials and a proxy agent: one span, then what became of it on stdout.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { GoogleAuth } from 'google-auth-library'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { printResults } from './print-results.mjs'

const host = process.argv[2] ?? 'telemetry.googleapis.com'
const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
const client = await auth.getClient()
const projectId = await auth.getProjectId()
const exporter = printResults(
  new OTLPTraceExporter({
    url: `https://${host}/v1/traces`,
    headers: async () => Object.fromEntries(await client.getRequestHeaders(`https://${host}/`)),
    compression: 'gzip',
    httpAgentOptions: () => new HttpsProxyAgent(process.env.HTTPS_PROXY),
    timeoutMillis: 3000,
  }),
)
const resource = process.argv[3] === 'no-project' ? {} : { 'gcp.project_id': projectId }
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'child', ...resource }),
  spanProcessors: [new SimpleSpanProcessor(exporter)],
})
const span = provider
  .getTracer('child', '1.2.3')
  .startSpan('hello', { attributes: { answer: 42, list: ['a', 'b'] } })
span.setStatus({ code: 2, message: 'it failed' })
span.end()
await provider.forceFlush()
