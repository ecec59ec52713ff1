'use strict'

// With a list of modules, as instrumentations use it; none of them is loaded here.
const { Hook } = require('require-in-the-middle')

new Hook(['express', 'pg', 'redis'], (exports) => exports)
