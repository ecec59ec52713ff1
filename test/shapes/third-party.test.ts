import { beforeAll } from 'vitest'
import { INSTALL_TIMEOUT_MS, installPackages } from '../support/install-packages.ts'
import { testShapes } from './test-shapes.ts'

let folder: string
beforeAll(() => {
  folder = installPackages('third-party')
}, INSTALL_TIMEOUT_MS)

testShapes('third-party', () => folder)
