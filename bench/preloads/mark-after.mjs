import { writeSync } from 'node:fs'

const end = performance.now()
writeSync(3, `${end - globalThis.benchMark} ${performance.now()} `)
