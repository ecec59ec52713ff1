'use strict'

const { TraceExporter } = require('@google-cloud/opentelemetry-cloud-trace-exporter')
const { traceZen } = require('./trace-zen.cjs')

traceZen(new TraceExporter())
