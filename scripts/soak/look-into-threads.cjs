'use strict'

// Preloaded by the soak: prints what the worker threads of the process hold, once in a while. They are asked by the
// inspector, from within the process and for a moment, as nothing else tells it without a change of what they run.

const { Session } = require('node:inspector')
const { isMainThread } = require('node:worker_threads')

const EVERY_MS = 60_000
const QUESTION = `
  gc()
  JSON.stringify({ heapBytes: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().sort() })`

function look() {
  const session = new Session()
  const asked = new Map()
  session.connect()
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    asked.set(sessionId, workerInfo.url)
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: QUESTION } })
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
  })
  session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
    const thread = asked.get(sessionId)
    asked.delete(sessionId)
    console.log(JSON.stringify({ thread, ...JSON.parse(JSON.parse(message).result.result.value) }))
    if (asked.size === 0) session.post('NodeWorker.disable', () => session.disconnect())
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
}

if (isMainThread) setInterval(look, EVERY_MS).unref()
