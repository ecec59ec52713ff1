/** `npm run docs:environment`: writes the environment table into README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withEnvironmentTable } from './environment-table.ts'

const README = new URL('../README.md', import.meta.url)

writeFileSync(README, withEnvironmentTable(readFileSync(README, 'utf8')))
