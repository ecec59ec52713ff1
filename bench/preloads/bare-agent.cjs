'use strict'

// What any such agent must do: hooks (without a loader thread, where CommonJS needs none), and bare-delivery.cjs.
const Module = require('node:module')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major >= 26 || (major === 24 && minor >= 12) || (major === 22 && minor >= 23)) {
  Module.registerHooks({
    resolve: (name, context, next) => next(name, context),
    load: (url, context, next) => next(url, context),
  })
}
require('./bare-delivery.cjs')
