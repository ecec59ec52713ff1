import { describe, expect, it } from 'vitest'
import {
  costAttributes,
  createCostLinks,
  isTraceId,
  resultCostAttributes,
} from '../../src/interface/cost-links.ts'

const TRACE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true }

describe('the attributes of a cost', () => {
  it('are its numbers and its model, and nothing else of it', () => {
    const cost = { id: 'x', model: 'm', totalCost: 1, inputTokens: 2, outputTokens: 3, customer: 'Ada' }
    expect(costAttributes(cost)).toEqual({
      'cost.total_usd': 1,
      'cost.model': 'm',
      'cost.tokens.input': 2,
      'cost.tokens.output': 3,
    })
    expect(costAttributes({ totalCost: '1', model: 7, inputTokens: null })).toEqual({})
  })

  it('are found in a result under the names that clients of language models use', () => {
    expect(resultCostAttributes({ model: 'm', usage: { prompt_tokens: 5, completion_tokens: 6 } })).toEqual({
      'cost.model': 'm',
      'cost.tokens.input': 5,
      'cost.tokens.output': 6,
    })
    expect(resultCostAttributes({ cost: { total_usd: 0.5 } })).toEqual({ 'cost.total_usd': 0.5 })
    for (const result of [undefined, null, 'usage', { model: 'm' }, { usage: 5 }, { cost: null }]) {
      expect(resultCostAttributes(result)).toEqual({})
    }
  })

  it('never cost the application a call of its getters', () => {
    const result = {
      get usage(): never {
        throw new Error('looked at')
      },
    }
    expect(resultCostAttributes(result)).toEqual({})
  })
})

describe('the links', () => {
  it('are found by trace and by cost', async () => {
    const links = createCostLinks()
    const cost = { id: 'order', totalCost: 1 }
    expect(links.link(cost, TRACE)).toBe(cost)
    expect(cost).toEqual({ id: 'order', totalCost: 1, traceContext: TRACE })
    expect(await links.find(TRACE.traceId)).toBe(cost)
    expect(await links.find('order')).toBe(cost)
    expect(await links.find('another')).toBeUndefined()
  })

  it('leave a frozen record alone and return a copy', () => {
    const cost = Object.freeze({ id: 'order' })
    expect(createCostLinks().link(cost, TRACE)).toEqual({ id: 'order', traceContext: TRACE })
  })

  it('ask the application first, and forget the oldest', async () => {
    const links = createCostLinks()
    for (let index = 0; index <= 1000; index++) {
      links.link({ id: `order-${index}` }, { ...TRACE, traceId: index.toString(16).padStart(32, '0') })
    }
    expect(await links.find('order-1000')).toMatchObject({ id: 'order-1000' })
    expect(await links.find('0'.repeat(32))).toBeUndefined()
    links.setResolver((id) => (id === 'order-1000' ? { id: 'stored' } : undefined))
    expect(await links.find('order-1000')).toEqual({ id: 'stored' })
    expect(await links.find('order-999')).toMatchObject({ id: 'order-999' })
  })

  it('know the id of a trace', () => {
    expect([isTraceId(TRACE.traceId), isTraceId('order-7'), isTraceId('A'.repeat(32))]).toEqual([
      true,
      false,
      false,
    ])
  })
})
