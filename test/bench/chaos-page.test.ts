import { describe, expect, it } from 'vitest'
import { mergeChaosTable } from '../../bench/chaos/chaos-page.ts'
import { type ChaosRow, chaosTable } from '../../bench/chaos/chaos-table.ts'
import { SCENARIOS } from '../../bench/chaos/scenarios.ts'

const AGENT = { title: 'this agent' }
const STOCK = { title: 'NodeSDK, OTLP exporter' }
const [first, second, third] = SCENARIOS

function row(
  scenario: ChaosRow['scenario'] | undefined,
  contender: ChaosRow['contender'],
  produced: number,
): ChaosRow {
  const result = { produced, delivered: produced, later: 0, duplicates: 0, counted: {}, lost: 0 }
  return { scenario: scenario!, contender, result: { ...result, addedExitMs: 10, exits: ['0'], stderr: [] } }
}

describe('the table of the page', () => {
  it('is made of the runs that played parts of it, in the order of the scenarios', () => {
    const one = mergeChaosTable('', [row(third, AGENT, 30), row(third, STOCK, 31)])
    const two = mergeChaosTable(one, [row(first, AGENT, 10), row(first, STOCK, 11)])
    const whole = [row(first, AGENT, 10), row(first, STOCK, 11), row(third, AGENT, 30), row(third, STOCK, 31)]
    expect(two).toBe(chaosTable(whole))
  })

  it('forgets what a scenario said before when it is played again, also after it was formatted', () => {
    const before = chaosTable([row(first, AGENT, 10), row(first, STOCK, 11), row(second, AGENT, 20)])
    const formatted = `\n\n${before.replaceAll(' |', '     |')}\n\n`
    expect(mergeChaosTable(formatted, [row(first, AGENT, 12)])).toBe(
      chaosTable([row(first, AGENT, 12), row(second, AGENT, 20)]),
    )
  })

  it('drops scenarios that there are no longer', () => {
    const before = chaosTable([row({ title: 'an old one' }, AGENT, 1), row(first, AGENT, 10)])
    expect(mergeChaosTable(before, [])).toBe(chaosTable([row(first, AGENT, 10)]))
  })
})
