import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'

const KEEP = { keepAlive: true, maxSockets: 2 }

/**
 * Chooses the way to a URL: for `https` through the proxy of `HTTPS_PROXY` unless `NO_PROXY` excepts the host, else
 * directly. Plain `http` is for a collector nearby, which no proxy stands before.
 *
 * @param url where requests will go
 */
export function agentFor(url: URL): HttpAgent {
  if (url.protocol === 'http:') return new HttpAgent(KEEP)
  const proxy = getProxyForUrl(url.href)
  return /^https?:/.test(proxy) && URL.canParse(proxy)
    ? new HttpsProxyAgent(proxy, KEEP)
    : new HttpsAgent(KEEP)
}
