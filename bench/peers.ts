import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installPeer } from './install-peer.ts'
import type { Laboratory } from './laboratory.ts'
import type { ModuleKind } from './module-kind.ts'

/** Another preload agent, as installed for one Node line. */
export interface Peer {
  readonly id: string
  readonly title: string
  /** Its own folder, which holds nothing but what it needs. */
  readonly folder: string
  /** Flags of Node, as its documentation has them; undefined where it cannot trace such applications. */
  readonly flags: Readonly<Record<ModuleKind, readonly string[] | undefined>>
  readonly env: Readonly<Record<string, string>>
}

type Preload = (modules: string) => Peer['flags']

interface PeerKind {
  readonly id: string
  readonly title: string
  /** Whether Node 20 has a folder of its own, with the last version that runs there. */
  readonly olderForNode20: boolean
  readonly preload: Preload
  readonly env: (sinkPort: number) => Readonly<Record<string, string>>
}

const PEERS: readonly PeerKind[] = [
  {
    id: 'dd-trace',
    title: 'dd-trace',
    olderForNode20: true,
    preload: (modules) => ({
      cjs: ['--require', join(modules, 'dd-trace', 'init.js')],
      esm: ['--import', fileUrl(modules, 'dd-trace', 'initialize.mjs')],
    }),
    env: (port) => ({
      DD_TRACE_AGENT_URL: `http://127.0.0.1:${port}`,
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      DD_TRACE_STARTUP_LOGS: 'false',
    }),
  },
  {
    id: 'opentelemetry',
    title: 'OpenTelemetry auto-instrumentations',
    olderForNode20: true,
    preload: (modules) => {
      // The file has moved between versions.
      const register = createRequire(join(modules, 'any.js')).resolve(
        '@opentelemetry/auto-instrumentations-node/register',
      )
      const hook = fileUrl(modules, '@opentelemetry', 'instrumentation', 'hook.mjs')
      return {
        cjs: ['--require', register],
        esm: ['--experimental-loader', hook, '--require', register],
      }
    },
    env: openTelemetry,
  },
  {
    id: 'elastic',
    title: 'Elastic',
    olderForNode20: false,
    preload: (modules) => ({
      cjs: ['--require', join(modules, '@elastic', 'opentelemetry-node', 'require.js')],
      esm: ['--import', fileUrl(modules, '@elastic', 'opentelemetry-node', 'import.mjs')],
    }),
    env: openTelemetry,
  },
  {
    id: 'newrelic',
    title: 'New Relic',
    olderForNode20: true,
    preload: (modules) => {
      const agent = join(modules, 'newrelic', 'index.js')
      return {
        cjs: ['--require', agent],
        esm: ['--import', fileUrl(modules, 'newrelic', 'esm-loader.mjs'), '--require', agent],
      }
    },
    env: (port) => ({
      NEW_RELIC_APP_NAME: 'bench',
      // Forty zeros are no key of anybody's; without one it does not start.
      NEW_RELIC_LICENSE_KEY: '0'.repeat(40),
      NEW_RELIC_HOST: '127.0.0.1',
      NEW_RELIC_PORT: String(port),
      NEW_RELIC_NO_CONFIG_FILE: 'true',
      NEW_RELIC_LOG_ENABLED: 'false',
      ...Object.fromEntries(
        ['AWS', 'AZURE', 'GCP', 'PCF', 'KUBERNETES'].map((cloud) => [
          `NEW_RELIC_UTILIZATION_DETECT_${cloud}`,
          'false',
        ]),
      ),
    }),
  },
  {
    id: 'trace-agent',
    title: 'Google trace-agent',
    olderForNode20: false,
    preload: (modules) => ({ cjs: ['--require', join(modules, '..', 'start.cjs')], esm: undefined }),
    env: () => ({ GCLOUD_PROJECT: 'bench-project', METADATA_SERVER_DETECTION: 'none' }),
  },
]

/** Installs the peers that run on a Node line, each in the newest version that does. */
export function installPeers(major: number, laboratory: Laboratory): readonly Peer[] {
  return PEERS.map(({ id, title, olderForNode20, preload, env }) => {
    const folder = installPeer(major === 20 && olderForNode20 ? `${id}-node-20` : id)
    return {
      id,
      title,
      folder,
      flags: preload(join(folder, 'node_modules')),
      env: env(laboratory.cloud.sinkPort),
    }
  })
}

/** Detectors that ask a cloud's metadata server are left out: nothing leaves this machine. */
function openTelemetry(port: number): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os,process,serviceinstance',
    OTEL_LOG_LEVEL: 'none',
    METADATA_SERVER_DETECTION: 'none',
  }
}

function fileUrl(...parts: readonly string[]): string {
  return pathToFileURL(join(...parts)).href
}
