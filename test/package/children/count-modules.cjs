'use strict'

// Preloaded before and after what is looked at: prints what that has loaded, changed and started.
const Module = require('node:module')
const { readdirSync, writeSync } = require('node:fs')

const NAMES = ['_load', '_resolveFilename', '_extensions', 'prototype.require', 'prototype._compile']
const valueOf = (name) => name.split('.').reduce((value, part) => value[part], Module)

globalThis.footprint ??= {
  builtins: new Set(process.moduleLoadList),
  files: new Set(Object.keys(require.cache)),
  values: new Map(NAMES.map((name) => [name, valueOf(name)])),
  threads: readdirSync('/proc/self/task').length,
}

process.once('beforeExit', () => {
  const { builtins, files, values, threads } = globalThis.footprint
  // Not by `process.stdout`, which would load streams.
  writeSync(
    1,
    JSON.stringify({
      builtins: process.moduleLoadList
        .filter((name) => !builtins.has(name) && /^NativeModule (?!internal\/)/.test(name))
        .map((name) => name.replace('NativeModule ', '')),
      files: Object.keys(require.cache)
        .filter((name) => !files.has(name))
        .map((name) => name.split('/').slice(-2).join('/')),
      changed: NAMES.filter((name) => values.get(name) !== valueOf(name)),
      threads: readdirSync('/proc/self/task').length - threads,
      resources: process.getActiveResourcesInfo(),
    }),
  )
})
