import { createRequire } from 'node:module'

createRequire(import.meta.url)('./register.cjs')
