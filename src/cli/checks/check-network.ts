import type { Config } from '../../config/config.ts'
import { endpointUrl, isGoogleEndpoint } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import { withoutSecrets } from '../../export/privacy/without-secrets.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { configuredEndpoints } from './configured-endpoints.ts'
import { knownProxies, proxyUrl } from './known-proxies.ts'
import { type HostProbe, probeHost, type ProbeTarget } from './probe-host.ts'

/** What was found on the way to the endpoints. */
export interface NetworkCheck {
  readonly findings: readonly Finding[]
  /** Whether a request could go through. */
  readonly reachable: boolean
}

const GOOGLE_CLOCK = 'oauth2.googleapis.com'
/** Google accepts tokens from clocks up to five minutes wrong. */
const CLOCK_TOLERANCE_SECONDS = 60
const HTTPS = 443
const HTTP = 80

/**
 * Goes the way to every endpoint: name, connection or proxy, TLS, and what time it is at Google.
 *
 * @param config exporter and endpoints
 * @param environment proxy variables
 * @param cwd for the settings of npm
 */
export async function checkNetwork(
  config: Config,
  environment: Environment,
  cwd: string,
): Promise<NetworkCheck> {
  const endpoints = configuredEndpoints(config, environment)
  const targets = [
    ...endpoints.flatMap((endpoint) => targetOf(endpoint, environment) ?? []),
    ...(endpoints.some(isGoogleEndpoint)
      ? [
          {
            host: GOOGLE_CLOCK,
            port: HTTPS,
            tls: true,
            proxy: proxyFor(GOOGLE_CLOCK, true, environment),
            askDate: true,
          },
        ]
      : []),
  ]
  const probes = await Promise.all(
    targets.map(async (target) => ({ target, probe: await probeHost(target) })),
  )
  const found = await Promise.all(
    probes.map(({ target, probe }) => findingOf(target, probe, environment, cwd)),
  )
  const clock = probes.flatMap(({ probe }) => clockFinding(probe))
  return {
    findings: [...withoutRepetition(found), ...clock],
    reachable: probes.some(({ target, probe }) => probe.reached && !target.askDate),
  }
}

function targetOf(endpoint: string, environment: Environment): ProbeTarget | undefined {
  const url = endpointUrl(endpoint)
  if (!url) return undefined
  const tls = url.protocol === 'https:'
  const port = url.port ? Number(url.port) : tls ? HTTPS : HTTP
  return { host: url.hostname, port, tls, proxy: proxyFor(url.hostname, tls, environment) }
}

/** As the exporters have it: plain `http://` endpoints are asked directly. */
function proxyFor(host: string, tls: boolean, environment: Environment): string | undefined {
  const exceptions = (environment['no_proxy'] || environment['NO_PROXY'] || '')
    .split(/[,\s]+/)
    .filter(Boolean)
  const excepted = exceptions.some((item) => {
    const name = item.replace(/^\*?\./, '').replace(/:\d+$/, '')
    return item === '*' || host === name || host.endsWith(`.${name}`)
  })
  return tls && !excepted ? proxyUrl(environment['https_proxy'] || environment['HTTPS_PROXY']) : undefined
}

async function findingOf(
  target: ProbeTarget,
  probe: HostProbe,
  environment: Environment,
  cwd: string,
): Promise<Finding> {
  const { host, port } = target
  if (probe.reached) {
    const way = target.proxy ? `through ${withoutSecrets(target.proxy)}` : 'directly'
    return finding('host-reachable', { host, way, tls: probe.tls ?? '', milliseconds: probe.milliseconds })
  }
  if (probe.step === 'TLS') return finding('tls-failed', { host, problem: probe.problem })
  const other = (await otherWay(target, environment, cwd)) ?? ''
  if (probe.step === 'proxy') {
    const proxy = withoutSecrets(target.proxy ?? '')
    return finding('proxy-refuses', { proxy, host, answer: probe.status, other })
  }
  return finding('host-unreachable', { host, port, step: probe.step, problem: probe.problem, other })
}

/** Another proxy that this user's programs know, and that lets through what is needed. */
async function otherWay(
  target: ProbeTarget,
  environment: Environment,
  cwd: string,
): Promise<string | undefined> {
  for (const proxy of knownProxies(environment, cwd)) {
    if (proxy !== target.proxy && (await probeHost({ ...target, proxy })).reached) return proxy
  }
  return undefined
}

/** The same trouble for several hosts is one finding. */
function withoutRepetition(found: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return found.filter(({ code, values }) => {
    const key = code === 'host-reachable' ? String(values['host']) : code
    return !seen.has(key) && seen.add(key)
  })
}

function clockFinding(probe: HostProbe): Finding[] {
  if (!probe.reached || !probe.date) return []
  const seconds = Math.round((Date.now() - probe.date.getTime()) / 1000)
  return [finding(Math.abs(seconds) > CLOCK_TOLERANCE_SECONDS ? 'clock-skew' : 'clock-right', { seconds })]
}
