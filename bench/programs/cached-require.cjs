'use strict'

// Nanoseconds of a `require()` of what is loaded already: a file by its relative path, and a package.
const { writeSync } = require('node:fs')

const REQUIRES = 20_000
const TIMES = 15

function nanoseconds(requireOne) {
  let fastest = Infinity
  for (let time = 0; time < TIMES; time++) {
    const start = process.hrtime.bigint()
    for (let done = 0; done < REQUIRES; done++) requireOne()
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / REQUIRES)
  }
  return fastest
}

writeSync(
  3,
  JSON.stringify({
    file: nanoseconds(() => require('./cached-require-file.cjs')),
    package: nanoseconds(() => require('zen')),
  }),
)
