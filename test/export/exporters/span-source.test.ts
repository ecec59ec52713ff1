import { hostname, userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { spanSource } from '../../../src/export/exporters/span-source.ts'
import manifest from '../../../package.json' with { type: 'json' }

const FACTS = { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' }

describe('the source of spans', () => {
  it.each(['private', 'local'] as const)('names service, runtime and agent in %s mode', (mode) => {
    const { resource, scope } = spanSource({ mode, serviceName: 'shop', facts: FACTS })
    expect(resource.attributes).toEqual({
      'service.name': 'shop',
      'service.version': '1.2.3',
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '20.20.2',
      'os.type': 'linux',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.stringMatching(/^2\./),
      'telemetry.distro.name': '@zen/telemetry',
      'telemetry.distro.version': manifest.version,
    })
    expect(scope).toEqual({ name: '@zen/telemetry', version: manifest.version })
  })

  it('leaves out the version of a service that has none', () => {
    const facts = { ...FACTS, serviceVersion: undefined }
    const { resource } = spanSource({ mode: 'private', serviceName: 'shop', facts })
    expect(Object.keys(resource.attributes)).not.toContain('service.version')
  })

  it('is Node version and type of system in public mode, and nothing else', () => {
    const { resource, scope } = spanSource({ mode: 'public', serviceName: 'shop', facts: FACTS })
    expect(resource.attributes).toEqual({ 'process.runtime.version': '20.20.2', 'os.type': 'linux' })
    expect(scope).toEqual({ name: '' })
  })

  it.each(['private', 'local', 'public'] as const)(
    'names no host, user, path or command in %s mode',
    (mode) => {
      const { resource } = spanSource({ mode, serviceName: 'shop', facts: FACTS })
      const values = Object.values(resource.attributes)
      for (const secret of [hostname(), userInfo().username, process.cwd(), process.argv[1]]) {
        expect(values).not.toContain(secret)
      }
      expect(
        Object.keys(resource.attributes).filter((key) =>
          /^(host|process\.(pid|command|executable|owner))/.test(key),
        ),
      ).toEqual([])
    },
  )
})
