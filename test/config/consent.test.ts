import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { decideConsent, explainConsent, isOff, switchedOffBy } from '../../src/config/consent.ts'

describe('the agent', () => {
  it.each(['ZEN_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'OTEL_SDK_DISABLED'])(
    'is switched off by %s',
    (name) => {
      for (const value of ['true', 'TRUE', '1', 'yes', ' Yes\n']) {
        expect(switchedOffBy({ [name]: value })).toBe(name)
      }
    },
  )

  it.each([undefined, '', ' ', '0', 'false', 'no', 'off', 'on', 'truely', '11'])(
    'is not switched off by %j',
    (value) => {
      expect(switchedOffBy({ ZEN_TELEMETRY_DISABLED: value, DO_NOT_TRACK: value })).toBeUndefined()
    },
  )

  it('names the first switch where several are set', () => {
    expect(switchedOffBy({ OTEL_SDK_DISABLED: '1', DO_NOT_TRACK: '1' })).toBe('DO_NOT_TRACK')
  })
})

describe('the switch at run time', () => {
  it.each(['true', '1', 'YES', ' yes '])('is off at %j', (value) => {
    expect(isOff({ ZEN_TELEMETRY_DISABLED: value })).toBe(true)
  })

  it.each([undefined, '', '0', 'false', 'on'])('is not off at %j', (value) => {
    expect(isOff({ ZEN_TELEMETRY_DISABLED: value, DO_NOT_TRACK: '1' })).toBe(false)
  })
})

describe('consent', () => {
  let folder: string
  let cwd: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consent-state-'))
    cwd = mkdtempSync(join(tmpdir(), 'consent-app-'))
  })
  const decide = (environment: Record<string, string> = {}, script?: string) =>
    decideConsent({ environment, script, cwd, folder })
  const settings = (text: string) => writeFileSync(join(folder, 'settings.json'), text)
  const manifest = (path: string, content: unknown) => {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'package.json'), JSON.stringify(content))
  }

  it('is given unless something says otherwise', () => {
    expect(decide()).toEqual({ on: true, rule: { kind: 'default' } })
    settings('{ "disabled": false }')
    manifest(cwd, { name: 'app', zen: { telemetry: true } })
    expect(decide().on).toBe(true)
  })

  it('is withdrawn by the user', () => {
    settings('{ "disabled": true }')
    expect(decide()).toEqual({ on: false, rule: { kind: 'user', file: join(folder, 'settings.json') } })
  })

  it('is not assumed where the settings cannot be read', () => {
    settings('{ "disabled": tr')
    expect(decide()).toMatchObject({ on: false, rule: { kind: 'user-unreadable' } })
    expect(explainConsent(decide())).toContain('run zen-telemetry enable or disable')
  })

  it('is withdrawn by the package of the program, or a folder above it', () => {
    manifest(cwd, { name: 'app', zen: { telemetry: false } })
    manifest(join(cwd, 'node_modules', 'pool'), { name: 'pool' })
    const rule = { kind: 'package', file: join(realpathSync(cwd), 'package.json') }
    const worker = join(cwd, 'node_modules', 'pool', 'worker.js')
    writeFileSync(worker, '')
    expect(decide({}, worker)).toEqual({ on: false, rule })
    expect(decide({}, '/elsewhere/app.js').on).toBe(true)
  })

  it('looks at the package that a link leads to', () => {
    manifest(join(cwd, 'tool'), { name: 'tool', zen: { telemetry: false } })
    writeFileSync(join(cwd, 'tool', 'cli.js'), '')
    mkdirSync(join(cwd, 'bin'))
    symlinkSync(join('..', 'tool', 'cli.js'), join(cwd, 'bin', 'tool'))
    expect(decide({}, join('bin', 'tool'))).toMatchObject({ on: false, rule: { kind: 'package' } })
  })

  it.each(['false', '0', 'no', 'FALSE'])(
    'is given by ZEN_TELEMETRY_DISABLED=%s against what is stored',
    (value) => {
      settings('{ "disabled": true }')
      manifest(cwd, { zen: { telemetry: false } })
      expect(decide({ ZEN_TELEMETRY_DISABLED: value })).toMatchObject({
        on: true,
        rule: { kind: 'variable' },
      })
    },
  )

  it('is not given against another variable', () => {
    expect(decide({ ZEN_TELEMETRY_DISABLED: 'false', DO_NOT_TRACK: '1' })).toEqual({
      on: false,
      rule: { kind: 'variable', variable: 'DO_NOT_TRACK', value: '1' },
    })
  })

  it('survives a package.json that is none', () => {
    writeFileSync(join(cwd, 'package.json'), '{')
    expect(decide().on).toBe(true)
    writeFileSync(join(cwd, 'package.json'), 'null')
    expect(decide().on).toBe(true)
  })
})
