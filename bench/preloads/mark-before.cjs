'use strict'

// Warmed up, so that the two marks cost nothing themselves.
require('node:fs')
performance.now()
globalThis.benchMark = performance.now()
