import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installApplication } from '../support/application.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { installedAgent, tarball } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const MOST_BYTES = 3_000_000

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function manifest(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
}

describe('the packed tarball', () => {
  it('brings no other package', () => {
    const { dependencies, peerDependencies, optionalDependencies } = manifest(installedAgent)
    expect({ dependencies, peerDependencies, optionalDependencies }).toEqual({})
    expect(readdirSync(join(installedAgent, '..', '..')).filter((name) => !name.startsWith('.'))).toEqual([
      '@zen',
    ])
  })

  it('is at most 3 MB on disk', () => {
    const bytes = files(installedAgent).reduce((sum, file) => sum + statSync(file).size, 0)
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('runs no script when it is installed', () => {
    const scripts = Object.keys((manifest(installedAgent)['scripts'] ?? {}) as object)
    expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([])
  })

  it('ships the licences and the list of what is bundled', () => {
    const licences = readFileSync(join(installedAgent, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    const { components } = JSON.parse(readFileSync(join(installedAgent, 'dist', 'sbom.json'), 'utf8')) as {
      components: { group?: string; name: string }[]
    }
    const bundled = components.map(({ group, name }) => (group ? `${group}/${name}` : name))
    expect(bundled).toContain('@google-cloud/opentelemetry-cloud-trace-exporter')
    expect(bundled).toContain('google-auth-library')
    for (const name of bundled) expect(licences).toContain(name)
    for (const name of ['LICENSE', 'PRIVACY.md', 'SECURITY.md']) {
      expect(existsSync(join(installedAgent, name)), name).toBe(true)
    }
  })

  it('holds nothing that excludes Node 20', () => {
    const { components } = JSON.parse(readFileSync(join(installedAgent, 'dist', 'sbom.json'), 'utf8')) as {
      components: { 'bom-ref': string }[]
    }
    expect(components.length).toBeGreaterThan(10)
    for (const { 'bom-ref': reference } of components) {
      const [, name = '', version = ''] =
        /^pkg:npm\/([^?]+)@([^@?#]+)/.exec(decodeURIComponent(reference)) ?? []
      const folder = packageFolders(name).find((candidate) => manifest(candidate)['version'] === version)
      expect(folder, reference).toBeDefined()
      const engines = manifest(folder ?? '')['engines'] as { node?: string } | undefined
      expect(engines?.node ?? '*', name).not.toMatch(/^\s*>=\s*2[1-9]/)
    }
  })

  it('carries no key and no path of the machine that built it', () => {
    for (const file of files(installedAgent)) {
      const text = readFileSync(file, 'utf8')
      expect(text.includes(process.cwd()), file).toBe(false)
      expect(/-----BEGIN (RSA )?PRIVATE KEY-----\\?n?[A-Za-z0-9+/]/.test(text), file).toBe(false)
    }
  })
})

describe('a project that uses OpenTelemetry 3', () => {
  it('can install the agent, and traces', async () => {
    const application = installApplication('script-cjs')
    writeFileSync(
      join(application.folder, 'package.json'),
      JSON.stringify({
        name: 'modern',
        dependencies: {
          '@opentelemetry/api': '1.10.0',
          '@opentelemetry/sdk-trace': '3.1.1',
          '@zen/telemetry': `file:${tarball}`,
        },
      }),
    )
    const cache = mkdtempSync(join(tmpdir(), 'npm-cache-'))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--cache', cache], {
      cwd: application.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const { folder, remove } = installApplication('script-cjs', 'zen-cjs')
    execFileSync('cp', [
      '-r',
      join(folder, 'node_modules', 'zen'),
      join(application.folder, 'node_modules', 'zen'),
    ])
    remove()
    const env = localEnvironment()
    const { code, stderr } = await runProgram(
      process.execPath,
      ['--import', '@zen/telemetry/register', 'app.cjs'],
      {
        cwd: application.folder,
        env,
      },
    )
    application.remove()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR).length).toBeGreaterThan(0)
  })
})

/** Everywhere npm may have put a package: at the top, or below one that needs another version. */
function packageFolders(name: string): string[] {
  const top = 'node_modules'
  const nested = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'node_modules')
    .map((entry) => join(entry.parentPath, entry.name))
  return [top, ...nested]
    .map((folder) => join(folder, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
}
