import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse as parseHcl } from '@cdktf/hcl2json'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Service } from 'kubernetes-models/v1/Service'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { repository } from '../support/repository.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { checkProtoJson } from './proto-json.ts'

const DEPLOY = join(repository, 'deploy')
const file = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8')
const json = (path: string): unknown => JSON.parse(file(path))
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(DEPLOY, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
const yaml = (path: string): Record<string, unknown>[] =>
  parseAllDocuments(file(path)).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Record<string, unknown>
  })

/** Every query of a dashboard or a policy. */
function queriesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && ['prometheusQuery', 'query', 'expr'].includes(key)
      ? [inner]
      : queriesIn(inner),
  )
}

/** Names in braces and quotes are newer than Debian's promtool; the rest of a query is the same. */
function checkQueries(queries: readonly string[]): void {
  expect(queries.length).toBeGreaterThan(0)
  const rules = queries.map((query, index) => {
    const expression = query
      .replaceAll(/\{"([\w.]+)"\}/g, (_, name: string) => name.replaceAll('.', '_'))
      .replaceAll('$__rate_interval', '5m')
    return `      - record: query${index}\n        expr: ${JSON.stringify(expression)}\n`
  })
  const folder = tempFolder({ 'rules.yaml': `groups:\n  - name: queries\n    rules:\n${rules.join('')}` })
  execFileSync('promtool', ['check', 'rules', join(folder, 'rules.yaml')], { stdio: 'pipe' })
}

/** The metrics that the agent has. */
const METRICS =
  /^telemetry[._](spans[._](exported|dropped)|export[._]duration|errors|quota[._]exceeded|(queue|journal)[._]size|breaker[._]state)(_total|_bucket|_count)?$/

describe('Cloud Monitoring', () => {
  it.each(filesIn('cloud-monitoring', '.json').filter((name) => /\/dashboard[^/]*$/.test(name)))(
    '%s is a dashboard by Google’s definition, with queries that can be read',
    (path) => {
      const dashboard = json(path)
      expect(checkProtoJson('google.monitoring.dashboard.v1.Dashboard', dashboard)).toEqual([])
      checkQueries(queriesIn(dashboard))
    },
  )

  it.each(filesIn('cloud-monitoring/policies', '.json'))(
    '%s is an alert policy, with a query that can be read',
    (path) => {
      const policy = json(path)
      expect(checkProtoJson('google.monitoring.v3.AlertPolicy', policy)).toEqual([])
      checkQueries(queriesIn(policy))
    },
  )

  it.each(filesIn('cloud-monitoring/channels', '.json'))('%s is a notification channel', (path) => {
    expect(checkProtoJson('google.monitoring.v3.NotificationChannel', json(path))).toEqual([])
  })

  it('would notice a field that Google does not know', () => {
    expect(checkProtoJson('google.monitoring.v3.AlertPolicy', { displayName: 'a', conditons: [] })).toEqual([
      'conditons: not a field of google.monitoring.v3.AlertPolicy',
    ])
    expect(checkProtoJson('google.monitoring.v3.AlertPolicy', { severity: 'FATAL' })).toHaveLength(1)
  })

  it('opens an incident to test the channels, and takes the policy away again', () => {
    const folder = tempFolder({
      'bin/gcloud': '#!/bin/sh\necho "$@" >> "$LOG"\necho projects/p/alertPolicies/1\n',
    })
    chmodSync(join(folder, 'bin', 'gcloud'), 0o755)
    const LOG = join(folder, 'log')
    execFileSync(
      join(DEPLOY, 'cloud-monitoring', 'test-notification.sh'),
      ['p', 'channels/1', 'channels/2'],
      {
        env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, LOG, SECONDS_TO_WAIT: '0' },
      },
    )
    const [created, deleted] = readFileSync(LOG, 'utf8').trim().split('\n')
    expect(created).toContain('--notification-channels=channels/1,channels/2')
    expect(deleted).toContain('policies delete projects/p/alertPolicies/1')
  })
})

describe('Prometheus and Grafana', () => {
  it.each([
    ['check', 'rules', 'rules.yaml'],
    ['test', 'rules', 'rules.test.yaml'],
    ['check', 'config', '--syntax-only', 'scrape.yaml'],
  ])('promtool %s %s %s', (...args) => {
    execFileSync('promtool', args, { cwd: join(DEPLOY, 'prometheus'), stdio: 'pipe' })
  })

  it('has a dashboard whose queries can be read', () =>
    checkQueries(queriesIn(json('grafana/dashboard.json'))))

  it('asks for metrics that the agent has, everywhere', () => {
    const texts = [...filesIn('.', '.json'), ...filesIn('prometheus', '.yaml')].map(file).join('\n')
    const names = [...texts.matchAll(/\btelemetry[._][\w.]+/g)].map(([name]) => name)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => !METRICS.test(name) && !name.startsWith('telemetry.googleapis'))).toEqual(
      [],
    )
  })
})

describe('Terraform', () => {
  it.each(filesIn('terraform', '.tf'))('%s is HCL', async (path) => {
    expect(Object.keys(await parseHcl(path, file(path)))).not.toEqual([])
  })

  it('grants the one permission for traces, metrics only if wanted, and reads files that exist', async () => {
    const { resource } = (await parseHcl('main.tf', file('terraform/main.tf'))) as {
      resource: { google_project_iam_member: Record<string, { role: string; count?: string }[]> }
    }
    const members = Object.values(resource.google_project_iam_member).flat()
    expect(members.map(({ role }) => role)).toEqual(
      expect.arrayContaining(['roles/cloudtrace.agent', 'roles/monitoring.metricWriter']),
    )
    expect(members).toHaveLength(2)
    expect(existsSync(join(DEPLOY, 'cloud-monitoring', 'dashboard.json'))).toBe(true)
  })
})

describe('Kubernetes', () => {
  const KINDS = { Deployment, Service, ServiceAccount }

  it.each(['kubernetes/deployment.yaml', 'kubernetes/collector.yaml'])('%s follows the schemas', (path) => {
    for (const manifest of yaml(path)) {
      const Kind = KINDS[manifest['kind'] as keyof typeof KINDS]
      expect(Kind, String(manifest['kind'])).toBeDefined()
      new Kind(manifest as never).validate()
    }
  })

  it('would notice a wrong field', () => {
    expect(() => new Deployment({ spec: { replicas: 'two' } } as never).validate()).toThrow()
  })

  it('has the fields that the operator needs', () => {
    const [instrumentation] = yaml('kubernetes/instrumentation.yaml')
    expect(instrumentation).toMatchObject({
      apiVersion: 'opentelemetry.io/v1alpha1',
      kind: 'Instrumentation',
      spec: { nodejs: { image: expect.any(String) as string } },
    })
  })

  it('has a container on Cloud Run that follows the schema', () => {
    const [service] = yaml('cloud-run/service.yaml') as [
      { spec: { template: { spec: { containers: object[] } } } },
    ]
    const { containers } = service.spec.template.spec
    const pod = { containers }
    const labels = { matchLabels: { a: 'b' } }
    new Deployment({
      spec: { selector: labels, template: { metadata: { labels: { a: 'b' } }, spec: pod } },
    } as never).validate()
  })
})

describe('the collector', () => {
  it('defines every component that its pipelines name', () => {
    const [config] = yaml('collector/gateway.yaml') as [
      Record<'receivers' | 'processors' | 'exporters' | 'extensions', object> & {
        service: { extensions: string[]; pipelines: Record<string, Record<string, string[]>> }
      },
    ]
    for (const pipeline of Object.values(config.service.pipelines)) {
      for (const kind of ['receivers', 'processors', 'exporters'] as const) {
        expect(Object.keys(config[kind])).toEqual(expect.arrayContaining(pipeline[kind]!))
      }
    }
    expect(Object.keys(config.extensions)).toEqual(expect.arrayContaining(config.service.extensions))
  })
})

/** The start commands of the recipes, with `$f` and folders as they are there. */
const STARTS: readonly (readonly [name: string, command: () => string])[] = [
  [
    'Kubernetes',
    () => {
      const [, deployment] = yaml('kubernetes/deployment.yaml') as [
        object,
        { spec: { template: { spec: { containers: { command: string[] }[] } } } },
      ]
      return deployment.spec.template.spec.containers[0]!.command[2]!.replaceAll('/opt/zen', '$PWD')
    },
  ],
  [
    'Cloud Run',
    () => {
      const [service] = yaml('cloud-run/service.yaml') as [
        { spec: { template: { spec: { containers: { args: string[] }[] } } } },
      ]
      return service.spec.template.spec.containers[0]!.args[0]!
    },
  ],
  [
    'systemd',
    () =>
      (/ExecStart=\/bin\/sh -c '(.*)'/.exec(file('systemd/my-app.service'))?.[1] ?? '').replaceAll('$$', '$'),
  ],
]

describe('an application whose agent is missing', () => {
  it.each(STARTS)('starts all the same, and with the agent where it is there: %s', (_, command) => {
    const folder = tempFolder({ 'app.js': 'console.log(globalThis.agent ?? "none")' })
    const start = (): string =>
      execFileSync('sh', ['-c', command()], {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '' },
        encoding: 'utf8',
      })
    expect(start()).toBe('none\n')
    const agent = join(folder, 'node_modules', '@zen', 'telemetry', 'register.cjs')
    mkdirSync(dirname(agent), { recursive: true })
    writeFileSync(agent, 'globalThis.agent = "loaded"')
    expect(start()).toBe('loaded\n')
  })

  it('starts under PM2’s configuration as well', () => {
    const folder = tempFolder()
    const read = (): { apps: { node_args: string[] }[] } => {
      process.env['APP_FOLDER'] = folder
      const require = createRequire(import.meta.url)
      const path = join(DEPLOY, 'pm2', 'ecosystem.config.cjs')
      delete require.cache[path]
      return require(path) as { apps: { node_args: string[] }[] }
    }
    expect(read().apps[0]!.node_args).toEqual([])
    mkdirSync(join(folder, 'node_modules', '@zen', 'telemetry'), { recursive: true })
    writeFileSync(join(folder, 'node_modules', '@zen', 'telemetry', 'register.cjs'), '')
    expect(read().apps[0]!.node_args).toEqual([
      '--require',
      expect.stringContaining('register.cjs') as string,
    ])
  })

  it('is a unit that systemd can read', (context) => {
    try {
      execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' })
    } catch {
      context.skip()
    }
    execFileSync('systemd-analyze', ['verify', join(DEPLOY, 'systemd', 'my-app.service')], { stdio: 'pipe' })
  })
})

describe('every file', () => {
  it('says in its first lines how it is checked', () => {
    const files = filesIn('.', '').filter((name) => /\.(ya?ml|tf|sh|service|cjs)$|Dockerfile$/.test(name))
    expect(files.length).toBeGreaterThan(12)
    for (const name of files) expect(file(name).slice(0, 900), name).toContain('Checked by:')
  })
})
