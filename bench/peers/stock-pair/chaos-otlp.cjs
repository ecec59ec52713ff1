'use strict'

const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto')
const { traceZen } = require('./trace-zen.cjs')

traceZen(new OTLPTraceExporter())
