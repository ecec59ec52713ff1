import type { Finding, FindingCode, Severity } from './finding.ts'

/** How a finding is said, and mended. */
interface FindingText {
  readonly severity: Severity
  readonly text: (values: Values) => string
  /** Commands to paste, or a line that begins with `#` where somebody has to act. */
  readonly fix?: (values: Values) => string | undefined
}

type Values = Finding['values']

const AGENT_ROLE = '--role=roles/cloudtrace.agent'

/** All words and all fixes. */
const TEXTS: Readonly<Record<FindingCode, FindingText>> = {
  'switched-off': {
    severity: 'error',
    text: ({ why }) => `telemetry is off: ${why}`,
    fix: ({ fix }) => String(fix),
  },
  'node-too-old': {
    severity: 'error',
    text: ({ version }) =>
      `the program runs on Node ${version}, which is too old: the agent does nothing there`,
    fix: ({ folder }) => `export PATH=${quoted(folder)}:"$PATH"    # where a Node is that will do`,
  },
  'export-thread-fails': {
    severity: 'error',
    text: ({ problem }) => `the thread that sends spans does not start: ${problem}`,
    fix: () => 'npm install --force @zen/telemetry    # its files are not as they were published',
  },
  'proxy-refuses': {
    severity: 'error',
    text: ({ proxy, host, answer }) => `the proxy ${proxy} refuses to connect to ${host} (HTTP ${answer})`,
    fix: ({ other, answer }) => {
      if (other) return `${useProxy(other)}    # this one lets it through`
      return Number(answer) === 407
        ? '# The proxy wants a name and a password: export HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT'
        : '# Ask whoever runs the proxy to allow CONNECT to *.googleapis.com:443'
    },
  },
  'host-unreachable': {
    severity: 'error',
    text: ({ host, port, step, problem }) =>
      `${host}:${port} cannot be reached (${step}: ${problem}): a firewall?`,
    fix: ({ other, host, port }) =>
      other
        ? `${useProxy(other)}    # known to npm or git on this machine, and lets it through`
        : `# Allow outgoing TCP to ${host}:${port}, or name the proxy: export HTTPS_PROXY=http://HOST:PORT`,
  },
  'tls-failed': {
    severity: 'error',
    text: ({ host, problem }) => `TLS to ${host} fails: ${problem}`,
    fix: () =>
      '# If a proxy inspects TLS, trust its authority: export NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem',
  },
  'clock-skew': {
    severity: 'error',
    text: ({ seconds }) =>
      `the clock of this machine is ${inMinutes(Math.abs(Number(seconds)))} ${Number(seconds) > 0 ? 'ahead' : 'behind'}: tokens and times of spans are wrong`,
    fix: () => 'sudo timedatectl set-ntp true',
  },
  'credentials-unusable': {
    severity: 'error',
    text: ({ problem }) => String(problem),
    fix: () => 'gcloud auth application-default login && unset GOOGLE_APPLICATION_CREDENTIALS',
  },
  'credentials-missing': {
    severity: 'error',
    text: () => 'there are no credentials: no key file, no login of gcloud, no metadata server',
    fix: () => 'gcloud auth application-default login',
  },
  'project-invalid': {
    severity: 'error',
    text: ({ problem }) => String(problem),
    fix: () => 'gcloud projects list    # then export GOOGLE_CLOUD_PROJECT=<one of the ids>',
  },
  'api-disabled': {
    severity: 'error',
    text: ({ service, project }) => `the API ${service} is not enabled in ${project}`,
    fix: ({ service, project }) => `gcloud services enable ${quoted(service)} --project=${quoted(project)}`,
  },
  'project-not-found': {
    severity: 'error',
    text: ({ project, source }) =>
      `there is no project ${project} (from ${source}), or none that this account may see`,
    fix: ({ source, other }) =>
      other
        ? `export ${source}=${quoted(other)}    # the project of the credentials`
        : `gcloud projects list    # then export ${source}=<one of the ids>`,
  },
  'key-rejected': {
    severity: 'error',
    text: ({ account, file }) =>
      `Google does not accept the key of ${account} in ${file} any more: it has expired, or was disabled or deleted`,
    fix: ({ account, file }) =>
      `gcloud iam service-accounts keys create ${quoted(file)} --iam-account=${quoted(account)}`,
  },
  'login-expired': {
    severity: 'error',
    text: () => 'Google does not accept the login of gcloud any more',
    fix: () => 'gcloud auth application-default login',
  },
  'quota-project-missing': {
    severity: 'error',
    text: ({ project }) => `a login of gcloud needs a project for its quota, and may not use ${project}`,
    fix: ({ project }) => `gcloud auth application-default set-quota-project ${quoted(project)}`,
  },
  'permission-missing': {
    severity: 'error',
    text: ({ account, project }) => `${account} may not write traces to ${project}`,
    fix: ({ member, project }) =>
      `gcloud projects add-iam-policy-binding ${quoted(project)} --member=${quoted(member)} ${AGENT_ROLE}`,
  },
  'quota-exceeded': {
    severity: 'error',
    text: ({ project, problem }) => `the quota of ${project} is used up: ${problem}`,
    fix: () => 'export ZEN_TELEMETRY_SAMPLE_RATE=0.01',
  },
  'write-failed': {
    severity: 'error',
    text: ({ exporter, problem }) => `a span was not accepted by ${exporter}: ${problem}`,
  },
  'agent-late': {
    severity: 'error',
    text: ({ program }) =>
      `${program} loads the agent itself, when the classes to trace had been loaded already`,
    fix: ({ command }) => String(command),
  },
  'target-bundled': {
    severity: 'error',
    text: ({ file }) =>
      `${file} is a bundle with ZenOrchestrator inside: there is no module that the agent could see`,
    fix: ({ build }) =>
      build
        ? String(build)
        : '# Leave zen out of the bundle: "external" in esbuild, Rollup and Rolldown, "externals" in webpack',
  },
  'target-not-found': {
    severity: 'error',
    text: () =>
      'nothing to trace was loaded: no module with ZenOrchestrator, and none that ZEN_TELEMETRY_METHODS names',
    fix: () => "export ZEN_TELEMETRY_METHODS='./lib/my-file.js#MyClass[*]'    # or what else is to be traced",
  },
  'target-left': { severity: 'warning', text: ({ what }) => String(what) },
  'spans-dropped': { severity: 'warning', text: spansText, fix: limitsFix },
  'agent-warning': { severity: 'warning', text: ({ message }) => `the agent says: ${message}` },
  'no-calls': {
    severity: 'warning',
    text: ({ calls }) =>
      calls === undefined
        ? 'no span was made: the methods were not called, or no call was sampled'
        : calls === 0
          ? 'no span was made: the methods that are traced were never called'
          : `no span was made: of ${calls} root calls none was sampled`,
    fix: ({ calls }) =>
      calls === 0 ? undefined : 'export ZEN_TELEMETRY_SAMPLE_RATE=1    # every call, while you look',
  },
  'program-failed': {
    severity: 'warning',
    text: ({ how }) => `the program ended with ${how}`,
  },
  'agent-not-in-command': {
    severity: 'info',
    text: () => 'this command does not load the agent; doctor has added it. Start yours with',
    fix: ({ command }) => String(command),
  },
  'consent-on': { severity: 'ok', text: ({ why }) => `telemetry is on: ${why}` },
  'node-ok': { severity: 'ok', text: ({ version, hooks }) => `Node ${version}, ${hooks}` },
  'export-thread': {
    severity: 'ok',
    text: ({ milliseconds }) => `the thread that sends spans starts in ${milliseconds} ms`,
  },
  destination: { severity: 'ok', text: ({ text }) => String(text) },
  credentials: { severity: 'ok', text: ({ text }) => `credentials: ${text}` },
  'credentials-expiry': {
    severity: 'ok',
    text: ({ type, account, until, minutes }) =>
      type === 'service_account'
        ? `expiry: a key file does not say when its key expires; gcloud iam service-accounts keys list --iam-account=${account} does`
        : `expiry: the token in use is valid until ${until} (${minutes} minutes), and is renewed by itself${type === 'authorized_user' ? ' while the login holds, whose end nobody says' : ''}`,
  },
  'host-reachable': {
    severity: 'ok',
    text: ({ host, way, tls, milliseconds }) =>
      `${host} answers, ${way}${tls ? `, ${tls}` : ''}, in ${milliseconds} ms`,
  },
  'clock-right': { severity: 'ok', text: ({ seconds }) => `the clock is right (${seconds} s from Google's)` },
  'write-accepted': {
    severity: 'ok',
    text: ({ exporter, milliseconds }) => `a span was accepted by ${exporter} in ${milliseconds} ms`,
  },
  journal: {
    severity: 'ok',
    text: ({ files, bytes, folder }) => `journal: ${files} files, ${bytes} bytes in ${folder}`,
  },
  'target-patched': { severity: 'ok', text: ({ names, file }) => `patched ${names} in ${file}` },
  'spans-delivered': { severity: 'ok', text: spansText },
}

/** How much a finding matters. */
export function severityOf({ code }: Finding): Severity {
  return TEXTS[code].severity
}

/** A finding in words, one line. */
export function textOf({ code, values }: Finding): string {
  return TEXTS[code].text(values)
}

/** What to paste; undefined where there is nothing to mend. */
export function fixOf({ code, values }: Finding): string | undefined {
  return TEXTS[code].fix?.(values)
}

function spansText({ calls, sampled, made, delivered, limited, reasons, waiting }: Values): string {
  const roots = calls === undefined ? '' : ` (${sampled} of ${calls} root calls were sampled)`
  const left = Number(waiting) > 0 ? `, ${waiting} wait in the journal` : ''
  const lost = reasons ? `dropped: ${reasons}` : 'none dropped'
  return `the program's spans: ${made} made${roots}, ${delivered} delivered, ${limited} over the limits, ${lost}${left}`
}

function limitsFix({ limited }: Values): string | undefined {
  return Number(limited) > 0
    ? 'export ZEN_TELEMETRY_SAMPLE_RATE=0.01    # spread evenly what is sent'
    : undefined
}

function quoted(value: string | number | undefined): string {
  const text = String(value)
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** A password is never shown: npm, which knows it, is asked for it. */
function useProxy(proxy: string | number): string {
  const shown = String(proxy).includes('@') ? '"$(npm config get https-proxy)"' : quoted(proxy)
  return `export HTTPS_PROXY=${shown}`
}

function inMinutes(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`
}
