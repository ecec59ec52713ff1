/** A process that sends to a collector all that the limits of public mode let through. Arguments: state folder, URL. */
import { join } from 'node:path'
import { createGatedExporter } from '../../src/export/delivery/gated-exporter.ts'
import { NO_OTLP_SETTINGS } from '../../src/export/destination/otlp-environment.ts'
import { makePrivateFolder } from '../../src/export/destination/private-folder.ts'
import { createOtlpExporter } from '../../src/export/exporters/otlp.ts'
import { openLimits } from '../../src/export/limits/open-limits.ts'
import { makeSpan } from '../../test/export/exporters/make-span.ts'

const LARGEST_BATCH = 80
const TIMEOUT_MS = 30_000

const [stateFolder = '', url = ''] = process.argv.slice(2)
const folder = join(stateFolder, 'limits')
makePrivateFolder(folder)
const { gate } = openLimits({ mode: 'public', folder, onBudget: () => {}, onWait: () => {} })
const exporter = createGatedExporter(
  createOtlpExporter({
    url,
    projectId: undefined,
    credentials: { headers: () => Promise.reject(new Error('no token for a collector')), forget: () => {} },
    settings: NO_OTLP_SETTINGS,
    resource: {
      mode: 'public',
      serviceName: 'sender',
      facts: { serviceVersion: undefined, nodeVersion: process.versions.node, osType: process.platform },
    },
  }),
  gate,
)

async function sendForever(): Promise<never> {
  for (;;) {
    const spans = Array.from({ length: 1 + Math.floor(Math.random() * LARGEST_BATCH) }, () => makeSpan())
    await exporter.send(spans, TIMEOUT_MS)
  }
}

void sendForever()
