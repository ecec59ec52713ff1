import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readProcessFacts } from '../../src/config/process-facts.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('says the version of the application, of Node and which system, and nothing else', () => {
  const folder = tempFolder({ 'package.json': { name: 'shop', version: '4.5.6' } })
  expect(readProcessFacts(join(folder, 'app.js'))).toEqual({
    serviceVersion: '4.5.6',
    nodeVersion: process.versions.node,
    osType: process.platform === 'win32' ? 'windows' : process.platform,
  })
})

it('knows no version of a program without a file', () => {
  expect(readProcessFacts(undefined).serviceVersion).toBeUndefined()
})
