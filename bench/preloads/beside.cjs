'use strict'

// Runs another process beside this one, for as long: what is slower then is so because of the machine's cores, whoever
// uses them.
const { spawn } = require('node:child_process')

const { BENCH_BESIDE, ...env } = process.env
const { args, environment } = JSON.parse(BENCH_BESIDE)
const other = spawn(process.execPath, args, {
  env: { ...env, ...environment },
  stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
})
other.unref()
other.stdio[3].unref()
process.on('exit', () => other.kill('SIGKILL'))
