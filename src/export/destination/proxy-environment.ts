import type { Environment } from '../../config/load-config.ts'

/** Reached directly or not at all: link-local, it can never be behind a proxy. */
const METADATA_HOSTS = ['169.254.169.254', 'metadata.google.internal', 'metadata.google.internal.']
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']

/**
 * Makes the libraries of the export thread agree on the proxy: grpc-js reads only the lower-case names, compares the end
 * of a host with each item of `no_proxy` (an empty item is every host), and no two of them read `no_proxy` alike;
 * gaxios asks even the metadata server through the proxy. The result is laid over the thread's own environment before
 * any of them is loaded.
 *
 * @param environment names and values of the process
 * @returns variables to set; empty without a proxy
 */
export function proxyEnvironment(environment: Environment): Record<string, string> {
  if (!PROXY_VARIABLES.some((name) => environment[name])) return {}
  const exceptions = items(environment['no_proxy'] || environment['NO_PROXY'])
  if (exceptions.includes('*')) return Object.fromEntries(PROXY_VARIABLES.map((name) => [name, '']))

  const proxy = withScheme(environment['https_proxy'] || environment['HTTPS_PROXY'])
  const custom = environment['GCE_METADATA_IP'] || environment['GCE_METADATA_HOST']
  const direct = [
    ...exceptions.flatMap(hostAndSubdomains),
    ...METADATA_HOSTS,
    ...(custom ? [hostOf(custom)] : []),
  ]
  const list = [...new Set(direct)].join(',')
  return {
    ...(proxy ? { https_proxy: proxy, HTTPS_PROXY: proxy } : {}),
    no_proxy: list,
    NO_PROXY: list,
    no_grpc_proxy: environment['no_grpc_proxy'] || [...new Set(direct.map(hostOf))].join(','),
  }
}

function items(list: string | undefined): string[] {
  return (list ?? '').split(/[,\s]+/).filter(Boolean)
}

/** `example.com`, `.example.com` and `*.example.com` all mean the host and what is below it, as they do to curl. */
function hostAndSubdomains(item: string): string[] {
  const name = item.replace(/^\*?\./, '')
  return /^[\d.]+(:\d+|\/\d+)?$|^\[|^[\da-f]*:[\da-f:]+$/i.test(name) ? [name] : [name, `.${name}`]
}

function hostOf(item: string): string {
  return item.replace(/^https?:\/\//, '').replace(/:\d+$/, '')
}

function withScheme(proxy: string | undefined): string | undefined {
  return proxy && !proxy.includes('://') ? `http://${proxy}` : proxy
}
