import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  environmentTable,
  LIMITATIONS,
  TABLE_END,
  TABLE_START,
  withEnvironmentTable,
} from '../../scripts/environment-table.ts'
import type { Config } from '../../src/config/config.ts'
import { ENV_TABLE } from '../../src/config/env-table.ts'
import { repository } from '../support/repository.ts'

/** Needed before anything is configured: whether the agent is off, and what it looks for. */
const READ_BY_NAME: readonly (keyof Config)[] = [
  'disabled',
  'doNotTrack',
  'sdkDisabled',
  'methods',
  'methodsFile',
]
/** Applied while the environment is read. */
const READ_BY_CONFIG: readonly (keyof Config)[] = ['profile']

describe('the environment table', () => {
  it('stands in README.md as the code has it (`npm run docs:environment` writes it)', () => {
    const readme = readFileSync(join(repository, 'README.md'), 'utf8')
    expect(withEnvironmentTable(readme) === readme).toBe(true)
  })

  it('has a row for every variable', () => {
    for (const { variable } of Object.values(ENV_TABLE))
      expect(environmentTable()).toContain(`| \`${variable}\` `)
  })

  it('says of exactly those variables that nothing reads that they have no effect', () => {
    const source = sourceOutside('config')
    const fields = Object.keys(ENV_TABLE) as (keyof Config)[]
    const unread = fields
      .filter((field) => ![...READ_BY_NAME, ...READ_BY_CONFIG].includes(field))
      .filter(
        (field) =>
          !new RegExp(`\\bconfig\\.${field}\\b|\\b${field}\\b[^{}]*\\}(?:: Config| = config)\\b`).test(
            source,
          ),
      )
    expect(fields.filter((field) => LIMITATIONS[field]?.includes('without effect'))).toEqual(unread)
  })

  it('is not put into a document without its marks', () => {
    expect(() => withEnvironmentTable(`${TABLE_END} ${TABLE_START}`)).toThrow('are missing')
  })
})

function sourceOutside(room: string): string {
  const files = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !file.startsWith(room))
    .map((file) => readFileSync(join(repository, 'src', file), 'utf8'))
    .join('\n')
}
