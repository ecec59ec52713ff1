import { isIPv6 } from 'node:net'
import { type PiiRule, WORD_START } from './pii-rule.ts'

/** Longest domain name there is. */
const LONGEST_DOMAIN = 253
const DOMAIN_NAME = /^(?:[\p{L}\p{N}-]{1,63}\.){1,126}(?:xn--[a-z0-9-]{1,59}|\p{L}{2,63})/iu
const LONGEST_USER_INFO = 512
const UNESCAPED_PASSWORD = /^[^/?#:@]*:(?!\d{1,5}(?:[/?#]|$))[^@]+@/
/** Groups of an IPv6 address that is not shortened and ends in an IPv4 one; one less than the usual eight. */
const FEWEST_GROUPS = 7
/** Longest run of groups that is looked at as an IPv6 address; with room for an IPv4 tail and a port. */
const LONGEST_ADDRESS = 60

/** Names and passwords in URLs. */
export const USER_INFO_RULE: PiiRule = {
  hints: ['://'],
  pattern: /:\/\/[^\s"'<>]+/g,
  replace: (match) => match[0].split('://').map(replaceUserInfo).join('://'),
}

/** User-info in URLs, e-mail and IP addresses. In the order of application. */
export const NETWORK_RULES: readonly PiiRule[] = [
  USER_INFO_RULE,
  {
    hints: ['@', '%40'],
    pattern: /(?<![\p{L}\p{N}._+-])[\p{L}\p{N}._+-]+(?:@|%40)([\p{L}\p{N}.-]+)/gu,
    replace: replaceEmail,
  },
  {
    hints: [':'],
    pattern: /(?<![0-9A-Fa-f:.])(?=[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{3,}/g,
    replace: replaceIPv6,
  },
  {
    hints: ['.'],
    // Not in longer runs of numbers (object identifiers) and not behind `version`.
    pattern: new RegExp(
      `${WORD_START}(?<!\\d\\.)(?<!version["']?[ :=]{0,2}["']?)` +
        '(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?![A-Za-z0-9]|\\.\\d)',
      'gi',
    ),
    replace: replaceIPv4,
  },
]

/** Everything behind a `://`, up to the next one. */
function replaceUserInfo(rest: string): string {
  const authority = rest.search(/[/?#]/)
  const at = rest.lastIndexOf('@', authority < 0 ? rest.length : authority)
  if (at > 0) return `[user-info]${rest.slice(at)}`
  // A password with an unescaped `/`, `?` or `#`; `host:8080/@scope` is none.
  const password = UNESCAPED_PASSWORD.exec(rest.slice(0, LONGEST_USER_INFO))
  return password ? `[user-info]${rest.slice(password[0].length - 1)}` : rest
}

/** `left-pad@1.3.0-beta.next` in the path of a package manager is a version, `jane@example.com-` an address. */
function replaceEmail([text, domain = '']: RegExpExecArray): string {
  if (/^\d+\.\d+\.\d/.test(domain)) return text
  const name = DOMAIN_NAME.exec(domain.slice(0, LONGEST_DOMAIN))
  return name ? `[email]${domain.slice(name[0].length)}` : text
}

/**
 * The run of hexadecimal digits, colons and dots may hold more than the address: a label in front (`peer:2001:db8::1`),
 * a port behind (Node writes `2001:db8::1:443`), the end of a sentence. Times (`10:20:30`) and MAC addresses have too few
 * groups, fingerprints too many; `Face::Bad` has no digit.
 */
function replaceIPv6(match: RegExpExecArray): string {
  const run = match[0]
  if (run.length > LONGEST_ADDRESS) return run
  // Most runs are the `:10:5` of a stack.
  if (!run.includes('::') && run.split(':').length < FEWEST_GROUPS) return run
  const before = match.input[match.index - 1] ?? ''
  const after = match.input[match.index + run.length] ?? ''

  let from = 0
  let to = run.length
  // Behind a word, `::` separates names (`crater::b2`), and `:` ends a label.
  if (/\w/.test(before)) {
    if (run.startsWith('::')) return run
    from = run.indexOf(':') + 1
  }
  if (/\w/.test(after)) to = run.lastIndexOf(':')
  while (run[from] === '.' || (run[from] === ':' && run[from + 1] !== ':')) from++
  while (run[to - 1] === '.' || (run[to - 1] === ':' && run[to - 2] !== ':')) to--

  const address = run.slice(from, to)
  const replaced = replaceAddress(address)
  return replaced === address ? run : run.slice(0, from) + replaced + run.slice(to)
}

function replaceAddress(address: string): string {
  if (isNobodys(address)) return address
  if (isIPv6(address)) return /\d/.test(address) ? '[ip]' : address
  const [, host = '', port = ''] = /^(.{2,45})(:\d{1,5})$/.exec(address) ?? []
  return isIPv6(host) && /\d/.test(host) ? `[ip]${port}` : address
}

/** The loopback and unspecified addresses, with a port or not: the same on every machine, and what errors are full of. */
function isNobodys(address: string): boolean {
  return /^::1?(?::\d{2,5})?$/.test(address) || /^::ffff:(?:127\.0\.0\.1|0\.0\.0\.0)$/i.test(address)
}

function replaceIPv4([text, ...octets]: RegExpExecArray): string {
  if (octets.some((octet) => Number(octet) > 255)) return text
  // Loopback; the unspecified address, whole networks, and versions as in `Chrome/120.0.0.0`.
  return text === '127.0.0.1' || text.endsWith('.0.0.0') ? text : '[ip]'
}
