'use strict'

// As its README has it.
require('@google-cloud/trace-agent').start({ enabled: true, logLevel: 0 })
