// The same as bare-agent.cjs; ES modules need a loader thread where hooks cannot run in this one.
import './bare-hooks.mjs'
import './bare-delivery.cjs'
