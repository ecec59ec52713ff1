/** Runs one exporter under an environment of its own: authorities, proxy and credentials are read from it at start. */
import type { ResourceInput } from '../../../src/export/exporters/exporter.ts'
import { proxyEnvironment } from '../../../src/export/destination/proxy-environment.ts'
import type { ExporterSetup, SendRequest } from './start-exporter.ts'

Object.assign(process.env, proxyEnvironment(process.env))
const { createGoogleCredentials } = await import('../../../src/export/exporters/google-credentials.ts')
const { createCloudTraceExporter } = await import('../../../src/export/exporters/cloud-trace.ts')
const { createOtlpExporter } = await import('../../../src/export/exporters/otlp.ts')
const { NO_OTLP_SETTINGS } = await import('../../../src/export/destination/otlp-environment.ts')
const { GOOGLE_OTLP_URL } = await import('../../../src/export/destination/google-endpoints.ts')

const setup = JSON.parse(process.argv[2] ?? '{}') as ExporterSetup
const { projectId, endpoint, key, mode = 'private' } = setup
const credentials = createGoogleCredentials(projectId, key)
const facts = { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' }
const resource: ResourceInput = { mode, serviceName: 'shop', facts }
const settings = { ...NO_OTLP_SETTINGS, ...setup.settings }
const exporter =
  setup.kind === 'cloud-trace'
    ? createCloudTraceExporter({ projectId, credentials, resource, ...(endpoint && { endpoint }) })
    : createOtlpExporter({ projectId, credentials, resource, settings, url: endpoint ?? GOOGLE_OTLP_URL })

async function serve(request: SendRequest | 'close'): Promise<void> {
  if (request === 'close') {
    await exporter.close()
    process.exit(0)
  }
  const start = performance.now()
  const outcome = await exporter.send(request.spans, request.timeoutMs)
  process.send?.({ outcome, milliseconds: performance.now() - start })
}

process.on('message', (request: SendRequest | 'close') => void serve(request))
process.send?.('ready')
