'use strict'

// What each call of a program pays for being traced, at least: a storage of Node that says which call is running.
const { AsyncLocalStorage } = require('node:async_hooks')

const storage = new AsyncLocalStorage()
const call = {}
globalThis.benchTraced = (work) => storage.run(call, work)
