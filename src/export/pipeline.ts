import { hostname, userInfo } from 'node:os'
import tls from 'node:tls'
import type { Config } from '../config/config.ts'
import { isGoogleEndpoint } from '../config/endpoint.ts'
import type { Logger } from '../shared/log.ts'
import type { Mode, ProcessFacts, WireSpan } from '../transport/wire.ts'
import { adviceFor } from './delivery/advice.ts'
import { createDelivery, type Delivery } from './delivery/delivery.ts'
import { createFailover } from './delivery/failover.ts'
import { communityKey } from './destination/community-key.ts'
import type { Destination } from './destination/destination.ts'
import { proxyEnvironment } from './destination/proxy-environment.ts'
import { showPublicNotice } from './destination/public-notice.ts'
import { resolveDestination } from './destination/resolve-destination.ts'
import { stateFolder } from './destination/state-folder.ts'
import { createExporters } from './exporters/create-exporters.ts'
import { createLimitWarnings } from './limits/limit-warnings.ts'
import { createRateLimiter } from './limits/rate-limiter.ts'
import { createSpanCounters, type DropReason } from './metrics/span-counters.ts'
import type { MachineNames } from './privacy/machine-name-rules.ts'
import { createPrivacyFilter } from './privacy/filter.ts'

/** What the rooms of the export thread are composed from. */
export interface PipelineOptions {
  readonly config: Config
  readonly facts: ProcessFacts
  /** Of this thread; completed by the proxy variables in the form that the libraries read. */
  readonly environment: Record<string, string | undefined>
  readonly log: Logger
  /** Told how many spans need nothing more. */
  readonly onSettled: (count: number) => void
  /** Told the mode as soon as it is decided. */
  readonly onDestination: (mode: Mode) => void
}

/** The way of a span through the export thread. */
export interface Pipeline {
  /** Takes lines of the span queue. */
  accept(lines: readonly string[]): void
  /** Settles when nothing waits any more. */
  finish(): Promise<void>
  /** Drops what waits. */
  discard(): void
}

const MOST_UNDECIDED = 20_000
/** Public mode spares the quota that everybody shares. */
const PUBLIC_INTERVAL_MS = 15 * 60_000
const TICK_MS = 60_000

/** Composes destination, privacy, limits and delivery. Until the destination is decided, spans wait in memory. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { config, log, onSettled } = options
  const counters = createSpanCounters()
  const limitWarnings = createLimitWarnings({ log, now: () => performance.now() })
  const undecided: string[] = []
  let room: { readonly admit: (line: string) => void; readonly delivery: Delivery } | undefined

  function drop(reason: DropReason, count = 1): void {
    counters.dropped(reason, count)
    onSettled(count)
  }

  async function decide(): Promise<void> {
    Object.assign(options.environment, proxyEnvironment(options.environment))
    const resolved = await resolveDestination({
      config,
      environment: options.environment,
      communityKey: communityKey(),
    })
    for (const warning of resolved.warnings) log.warn(warning)
    room = openRoom(resolved.destination)
    options.onDestination(resolved.destination.mode)
    for (const line of undecided.splice(0)) room.admit(line)
  }

  function openRoom(destination: Destination): NonNullable<typeof room> {
    const { mode } = destination
    log.info(describe(destination))
    if (config.endpoints.every(isGoogleEndpoint) && config.exporter !== 'otlp')
      tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
    const { exporters, warnings } = createExporters({ ...options, destination })
    for (const warning of warnings) log.warn(warning)
    const filter = createPrivacyFilter({ mode, config, names: machineNames() })
    const limiter = createRateLimiter(mode, () => performance.now())
    const consented =
      mode !== 'public' ||
      showPublicNotice(stateFolder(config.directory, options.environment), options.environment)
    const delivery = createDelivery({
      exporter: createFailover(exporters, () => performance.now()),
      batchSize: config.batchSize,
      intervalMs: mode === 'public' ? PUBLIC_INTERVAL_MS : config.flushIntervalSeconds * 1000,
      timeoutMs: config.exportTimeoutSeconds * 1000,
      counters,
      onSettled,
      log,
      advice: (failure) => adviceFor(failure, destination, config),
    })

    function admit(line: string): void {
      const span = parse(line)
      if (!span) return drop('unreadable')
      if (!consented) return drop('no_consent')
      const filtered = filter(span)
      if (!filtered) return drop('not_public')
      const over = limiter.admit(Buffer.byteLength(JSON.stringify(filtered)))
      if (!over) return delivery.add(filtered)
      limitWarnings.count(over)
      drop(over)
    }

    return { admit, delivery }
  }

  const decided = decide().catch((error: unknown) => {
    log.error(`the export thread cannot send spans: ${String(error)}`)
    drop('unreadable', undecided.splice(0).length)
  })
  setInterval(() => limitWarnings.tick(), TICK_MS).unref()

  function accept(lines: readonly string[]): void {
    for (const line of lines) {
      if (room) room.admit(line)
      else if (undecided.length < MOST_UNDECIDED) undecided.push(line)
      else drop('export_backlog')
    }
  }

  async function finish(): Promise<void> {
    await decided
    await room?.delivery.drain()
    limitWarnings.flush()
  }

  function discard(): void {
    drop('switched_off', undecided.splice(0).length)
    room?.delivery.discard()
  }

  return { accept, finish, discard }
}

function parse(line: string): WireSpan | undefined {
  try {
    return JSON.parse(line) as WireSpan
  } catch {
    return undefined
  }
}

function describe(destination: Destination): string {
  if (destination.mode === 'local') return 'no project was found: traces stay on this machine'
  if (destination.mode === 'public') return `spans go to the community project ${destination.projectId}`
  return destination.projectId === undefined
    ? 'spans go to the endpoint that was named'
    : `spans go to project ${destination.projectId} (from ${destination.source})`
}

function machineNames(): MachineNames {
  try {
    return { user: userInfo().username, host: hostname() }
  } catch {
    // A container may run as a user id that has no entry in /etc/passwd.
    return { host: hostname() }
  }
}
