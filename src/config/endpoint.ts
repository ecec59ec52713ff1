import type { EnvValue } from './env-value.ts'

/** Each is read and tried in turn; more are a mistake. */
const MOST_ENDPOINTS = 32
const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/i

/** Endpoints separated by commas, each `host`, `host:port` or an `http` / `https` URL; one bad item spoils the list. */
export const endpoints: EnvValue<readonly string[]> = {
  expected: 'host:port or a URL, or up to 32 separated by commas',
  read: (raw) => {
    const items = raw
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean)
    const some = items.length > 0 && items.length <= MOST_ENDPOINTS
    return some && items.every((item) => endpointUrl(item) !== undefined) ? items : undefined
  },
}

/**
 * The URL of an endpoint as the user wrote it; a bare `host:port` is meant as `https`.
 *
 * @param endpoint one item of `ZEN_TELEMETRY_ENDPOINT`
 * @returns undefined if it is neither a host nor an `http` or `https` URL
 */
export function endpointUrl(endpoint: string): URL | undefined {
  const written = HOST_AND_PORT.test(endpoint) ? `https://${endpoint}` : endpoint
  if (!URL.canParse(written)) return undefined
  const url = new URL(written)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '' ? url : undefined
}

/**
 * Whether an endpoint is one of Google's, the only ones a Google token is sent to.
 *
 * @param endpoint one item of `ZEN_TELEMETRY_ENDPOINT`
 */
export function isGoogleEndpoint(endpoint: string): boolean {
  const url = endpointUrl(endpoint)
  return url?.protocol === 'https:' && /(^|\.)googleapis\.com$/.test(url.hostname)
}
