import { join } from 'node:path'
import type { Applications, ModuleKind } from './install-applications.ts'
import type { InstalledAgent } from './install-tarball.ts'

/** One way of starting an application. */
export interface Variant {
  readonly id: string
  readonly title: string
  /** The variant it is compared with. */
  readonly baseline: string
  readonly preload: string | undefined
  readonly application: string
  readonly env: Readonly<Record<string, string>>
  /** Whether every run must bring a span to the Google Cloud of the bench. */
  readonly delivers: boolean
  /** Whether it may write to stderr: Google's exporter says that it is deprecated, ours what is not delivered in time. */
  readonly talks: boolean
}

/** What is on the disk to be measured. */
export interface Installed {
  readonly agent: InstalledAgent
  readonly stockPair: string
  readonly applications: Applications
  /** State folder of the agent. */
  readonly state: string
  /** Environment of a process that delivers to the Google Cloud of the bench. */
  readonly cloud: Readonly<Record<string, string>>
}

/**
 * Everything that is measured side by side. A variant is compared with the same application, in the same environment,
 * under an empty preload.
 */
export function createVariants(kind: ModuleKind, installed: Installed): readonly Variant[] {
  const { agent, applications, state, cloud } = installed
  const own = (name: string): string =>
    join(import.meta.dirname, 'preloads', `${name}.${kind === 'cjs' ? 'cjs' : 'mjs'}`)
  const register = kind === 'cjs' ? agent.cjs : agent.mjs
  const plain = { PATH: process.env['PATH'] ?? '', HOME: state }
  const sampled = { ZEN_TELEMETRY_DIR: state, ZEN_TELEMETRY_SAMPLE_RATE: '1' }
  const rest = { delivers: false, talks: false }
  const nothing = { application: applications.nothing, env: plain, baseline: 'empty', ...rest }
  const oneCall = { application: applications.oneCall, env: plain, baseline: 'empty-call', ...rest }
  const toCloud = { ...oneCall, env: cloud, baseline: 'empty-cloud' }
  const stockPair = join(installed.stockPair, kind === 'cjs' ? 'start.cjs' : 'start.mjs')

  return [
    { ...nothing, id: 'none', title: 'no preload', preload: undefined },
    { ...nothing, id: 'empty', title: 'empty preload', preload: own('empty') },
    {
      ...nothing,
      id: 'off',
      title: 'this agent, off',
      preload: register,
      env: { ...plain, ZEN_TELEMETRY_DISABLED: '1' },
    },
    { ...nothing, id: 'idle', title: 'this agent, zen never loaded', preload: register },
    { ...nothing, id: 'hooks', title: 'control: hooks of Node that do nothing', preload: own('bare-hooks') },
    { ...oneCall, id: 'empty-call', title: 'empty preload, one call', preload: own('empty') },
    {
      ...oneCall,
      id: 'call',
      title: 'this agent, one call, to a local file',
      preload: register,
      env: { ...plain, ...sampled, ZEN_TELEMETRY_EXPORTER: 'local' },
    },
    { ...toCloud, id: 'empty-cloud', title: 'empty preload, one call, cloud', preload: own('empty') },
    {
      ...toCloud,
      id: 'cloud',
      title: 'this agent, one call, to Cloud Trace',
      preload: register,
      env: { ...cloud, ...sampled },
      delivers: true,
      talks: true,
    },
    {
      ...toCloud,
      id: 'stock-pair',
      title: 'stock pair, one call, to Cloud Trace',
      preload: stockPair,
      delivers: true,
      talks: true,
    },
  ]
}
