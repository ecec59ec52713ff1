import type { Config } from '../config/config.ts'
import { createAdaptiveSampler } from '../tracing/adaptive-sampler.ts'
import { ROOT_PACE_WORDS } from '../tracing/root-pace.ts'
import { createRootSampler, type RootSampler } from '../tracing/root-sampler.ts'
import { spansWritten, Word, wordsOf } from '../transport/control-block.ts'
import { loadRateBound } from '../transport/rate-bound.ts'
import { hasSampleRate, loadSampleRate } from '../transport/runtime-settings.ts'

const DEFAULT_TARGET_RATE = 100
const DEFAULT_RATE = 0.1

/**
 * Makes the sampler of a thread. A rate that was set is exactly that, or an upper bound where a target was set as well;
 * without either it adapts. What the export thread asks for bounds all of them, and what the application's code sets
 * goes before what the environment says.
 *
 * @param control control block of the queue
 */
export function createSampler(config: Config, control: Int32Array): RootSampler {
  const configured = createConfiguredSampler(config, control)
  let changed: { readonly to: number; readonly sampler: RootSampler } | undefined

  function current(): RootSampler {
    const to = loadSampleRate(control)
    if (to === undefined) return configured
    if (changed?.to !== to)
      changed = {
        to,
        sampler: createConfiguredSampler({ ...config, sampleRate: to, targetRate: 0 }, control),
      }
    return changed.sampler
  }

  return {
    // The usual way first and alone: V8 compiles no more than so much into a call.
    shouldSample: () => (hasSampleRate(control) ? current().shouldSample() : configured.shouldSample()),
    get rate() {
      return current().rate
    },
  }
}

function createConfiguredSampler({ sampleRate, targetRate }: Config, control: Int32Array): RootSampler {
  const seed = Number(process.hrtime.bigint() & 0x7fffffffn) ^ process.pid
  const bound = (): number => loadRateBound(control)
  const target = targetRate ?? (sampleRate === undefined ? DEFAULT_TARGET_RATE : 0)
  if (target === 0) return createRootSampler({ rate: sampleRate ?? DEFAULT_RATE, seed, bound })
  return createAdaptiveSampler({
    targetPerSecond: target,
    mostRate: sampleRate ?? 1,
    words: wordsOf(control, Word.rootPace, ROOT_PACE_WORDS),
    seed,
    bound,
    spansMade: () => spansWritten(control),
    spanBudget: () => Atomics.load(control, Word.spanBudget),
  })
}
