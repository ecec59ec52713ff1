import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import { interleave } from '../interleave.ts'
import { ownPreload, preloadFlags } from '../module-kind.ts'
import { runProgram } from '../run-program.ts'
import type { Section } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 8

/** What a `require()` of something loaded already costs: applications do that inside functions. */
export const cachedRequire: Section = {
  name: 'cached-require',
  measure(laboratory, line) {
    const rest = { program: laboratory.program('cached-require.cjs', 'tiny'), env: laboratory.plain }
    const ritm = join(installPeer('opentelemetry'), 'require-in-the-middle.cjs')
    const contenders: readonly Contender[] = [
      { ...rest, id: 'bare', title: 'no preload', flags: [] },
      { ...rest, id: 'agent', title: AGENT, flags: agentFlags(laboratory, 'cjs') },
      {
        ...rest,
        id: 'control',
        title: 'control: hooks of Node that do nothing',
        flags: ownPreload('cjs', 'bare-hooks'),
      },
      {
        ...rest,
        id: 'ritm',
        title: 'require-in-the-middle with a list',
        flags: preloadFlags('cjs', ritm),
        every: 4,
      },
    ]
    const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
      runProgram(line.binary, contender),
    )
    const add = finderFor(line.major)
    return {
      findings: (['file', 'package'] as const).flatMap((what) => [
        add(`Cached require() of a ${what}`, 'no preload', 'ns', rounds.median('bare', what)),
        ...contenders
          .slice(1)
          .map(({ id, title }) =>
            add(
              `Cached require() of a ${what}, over no preload`,
              title,
              'x',
              rounds.ratio(id, 'bare', what),
              id === 'agent' ? 1.5 : undefined,
            ),
          ),
      ]),
    }
  },
}
