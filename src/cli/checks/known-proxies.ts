import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../config/load-config.ts'

const FROM_ENVIRONMENT = [
  'HTTPS_PROXY',
  'https_proxy',
  'npm_config_https_proxy',
  'npm_config_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
]
const NPM = /^\s*(?:https-proxy|proxy|https_proxy)\s*=\s*"?([^"\s]+)"?\s*$/gm
const GIT = /\[http\][^[]*?^\s*proxy\s*=\s*"?([^"\s]+)"?\s*$/gm

/**
 * Proxies that other programs of this user know, each once: where `npm install` works, its proxy may be the way out.
 *
 * @param environment proxy variables, and `HOME`
 * @param cwd a `.npmrc` there counts too
 * @returns URLs
 */
export function knownProxies(environment: Environment, cwd: string): string[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? ''
  const found = [
    ...FROM_ENVIRONMENT.map((name) => environment[name]),
    ...matches(join(cwd, '.npmrc'), NPM),
    ...matches(join(home, '.npmrc'), NPM),
    ...matches(join(home, '.gitconfig'), GIT),
  ]
  return [...new Set(found.flatMap((proxy) => proxyUrl(proxy) ?? []))]
}

/** The URL of a proxy as people write it, with or without `http://`; undefined if it is none. */
export function proxyUrl(text: string | undefined): string | undefined {
  const url = text?.trim() && (text.includes('://') ? text.trim() : `http://${text.trim()}`)
  return url && URL.canParse(url) ? url : undefined
}

function matches(file: string, pattern: RegExp): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, value = '']) => value)
  } catch {
    return []
  }
}
