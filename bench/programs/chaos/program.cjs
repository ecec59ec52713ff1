'use strict'

// What chaos happens to: works and ends as it is told on stdin, and says on stdout how many spans its calls should make.
const { writeSync } = require('node:fs')
const { createInterface } = require('node:readline')
const { setTimeout: sleep } = require('node:timers/promises')

const { ZenOrchestrator } = require('zen')

const COMMANDS = ['echo:tea', 'upper:tea', 'sum:1:2']
const SPANS_A_CALL = COMMANDS.length + 1
const orchestrator = new ZenOrchestrator({ name: 'chaos', concurrency: 3, onError: 'collect' })

/** Synchronously: a process that is killed has said what it made. */
const say = (line) => writeSync(1, `${line}\n`)

const orders = {
  /** So many calls, one after the other, so many milliseconds apart. */
  async work(calls, pace) {
    for (let call = 0; call < calls; call++) {
      await orchestrator.run(COMMANDS)
      say(`made ${SPANS_A_CALL}`)
      await sleep(pace)
    }
    say('done')
  },
  /** So many calls at once. */
  async burst(calls) {
    await Promise.all(Array.from({ length: calls }, () => orchestrator.run(COMMANDS)))
    say(`made ${calls * SPANS_A_CALL}`)
    say('done')
  },
  return: () => void process.stdin.destroy(),
  exit: () => process.exit(3),
  throw: () =>
    setImmediate(() => {
      throw new Error('on demand')
    }),
}

const reader = createInterface({ input: process.stdin })
reader.on('line', (line) => {
  const [order, ...numbers] = line.split(' ')
  void orders[order](...numbers.map(Number))
})
say('ready')
