'use strict'

// Says how long the preloads between the two marks took, and from there until here.
require('node:fs').writeSync(
  3,
  JSON.stringify({ preload: globalThis.benchPreload, rest: performance.now() - globalThis.benchMark }),
)
