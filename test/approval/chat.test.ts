// The yes in the chat, through clients of both eras: only a clear and timely yes to exactly this counts.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { declined, newHost, oldHost, type Person, refused, waiting, YES } from './approval-hosts.ts'
import { startApprovalServer } from './approval-server.ts'
import { allowed, world } from './approval-tool.ts'

const AMOUNT = { amount: '3.00' }
const SHOWN = {
  type: 'object',
  properties: {
    decision: { type: 'string', title: '你的决定 Your decision', enum: ['不同意 no', '同意 yes'] },
  },
  required: ['decision'],
}

describe.each([
  ['before 2026-07-28', oldHost, 'old 1.2.3'],
  ['of 2026-07-28', newHost, 'new 2.0.0'],
])('a host %s', (_, hostOf, name) => {
  it('shows the question as a form of one choice, and a yes is a yes to exactly that', async () => {
    const shown: unknown[] = []
    const person: Person = (question, { requestedSchema }) => {
      shown.push(question.split('\n')[1], requestedSchema)
      return YES
    }
    const host = await hostOf(await startApprovalServer(), person)
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(shown).toStrictEqual(['退款金额 Refund: ¥3.00', SHOWN])
    const nonce = expect.stringMatching(/^[0-9a-f]{32}$/)
    expect(allowed).toStrictEqual([{ how: 'chat', approvalDigest: 'T1|3.00|0.00', nonce, host: name }])
  })

  it.each([
    ['no', { action: 'accept', content: { decision: '不同意 no' } }, declined(/the merchant said no/)],
    [
      'a decline',
      { action: 'decline' },
      declined(/the form was answered no; if nobody saw a form, set ALIPAY_REFUND_APPROVAL/),
    ],
    ['a decline with a yes in it', { ...YES, action: 'decline' }, declined(/the form was answered no;/)],
    ['closing the form', { action: 'cancel' }, declined(/closed the question without an answer; if nobody saw a form/)],
    ['an accepted form without content', { action: 'accept' }, refused(/without a clear yes/)],
    ['an empty form', { action: 'accept', content: {} }, refused(/without a clear yes/)],
    ['another word', { action: 'accept', content: { decision: 'yes' } }, refused(/without a clear yes/)],
    ['true', { action: 'accept', content: { decision: true } }, refused(/without a clear yes/)],
    ['a yes to another field', { action: 'accept', content: { answer: '同意 yes' } }, refused(/without a clear yes/)],
  ])('moves nothing after %s', async (_, answer, result) => {
    const host = await hostOf(await startApprovalServer(), () => answer)
    expect(await host.call(AMOUNT)).toMatchObject(result)
    expect(allowed).toStrictEqual([])
  })

  it.each([
    [300_000, { message: 'done' }, 1],
    [300_500, refused(/more than five minutes after the question/), 0],
  ])('counts the time of an answer by our clock: %i ms', async (ms, result, count) => {
    const server = await startApprovalServer()
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const host = await hostOf(server, () => {
      server.clock.advance(ms)
      return YES
    })
    expect(await host.call(AMOUNT)).toMatchObject(result)
    expect(allowed).toHaveLength(count)
  })

  it('asks anew when the approval digest changed meanwhile, and says so', async () => {
    const questions: string[] = []
    const person: Person = (question) => {
      questions.push(question)
      world.facts = { refunded: '1.00' }
      return YES
    }
    const host = await hostOf(await startApprovalServer(), person)
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(questions.map((text) => text.split('\n')[0])).toStrictEqual([
      '是否同意退款？ Approve this refund?',
      '情况有变，请重新确认。 Something has changed since you were asked. Please look again.',
    ])
    expect(allowed).toMatchObject([{ approvalDigest: 'T1|3.00|1.00' }])
  })

  it('asks anew when the approval digest changes after the yes, before the operation', async () => {
    const person = vi.fn<Person>(() => YES)
    const host = await hostOf(await startApprovalServer(), person)
    world.beforeReserving = async () => {
      world.facts = { refunded: '2.00' }
    }
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(person).toHaveBeenCalledTimes(2)
    expect(allowed).toMatchObject([{ approvalDigest: 'T1|3.00|2.00' }])
  })

  it('does not ask again after a no, whatever changed', async () => {
    const person = vi.fn<Person>(() => {
      world.facts = { refunded: '1.00' }
      return { action: 'decline' }
    })
    const host = await hostOf(await startApprovalServer(), person)
    expect(await host.call(AMOUNT)).toMatchObject(declined(/answered no/))
    expect(person).toHaveBeenCalledTimes(1)
  })

  it('asks for each of two calls at once: the yes to one is none to the other', async () => {
    let asked = 0
    const host = await hostOf(await startApprovalServer(), () => (asked++ === 0 ? YES : { action: 'decline' }))
    const results = await Promise.all([host.call(AMOUNT), host.call(AMOUNT)])
    expect(results.filter(({ isError }) => isError)).toHaveLength(1)
    expect(allowed).toHaveLength(1)
  })

  it('moves nothing for a host that cancels while the question is open', async () => {
    const cancelling = new AbortController()
    const host = await hostOf(await startApprovalServer(), () => {
      cancelling.abort()
      return YES
    })
    await expect(host.call(AMOUNT, cancelling.signal)).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(allowed).toStrictEqual([])
  })

  it.each([
    ['nothing of the kind', {}],
    ['addresses only', { elicitation: { url: {} } }],
  ])('is not asked if it can show %s: the yes is then given outside', async (_, capabilities) => {
    const server = await startApprovalServer()
    const host = await hostOf(server, undefined, Object(capabilities))
    expect(await host.call(AMOUNT)).toMatchObject(waiting())
    expect(server.pages).toHaveLength(1)
    expect(allowed).toStrictEqual([])
  })

  it('is asked if it names no kind of elicitation, which means forms', async () => {
    const host = await hostOf(await startApprovalServer(), () => YES, Object({ elicitation: {} }))
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
  })
})

describe('a host before 2026-07-28', () => {
  it('that cancels after the yes, while the order is looked up again, moves nothing', async () => {
    const cancelling = new AbortController()
    const host = await oldHost(await startApprovalServer(), () => {
      world.beforeAsking = async () => {
        cancelling.abort()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return YES
    })
    await expect(host.call(AMOUNT, cancelling.signal)).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(allowed).toStrictEqual([])
  })

  it('that cannot answer the question is told that nothing moved', async () => {
    const host = await oldHost(await startApprovalServer(), () => {
      throw new Error('no form here')
    })
    expect(await host.call(AMOUNT)).toMatchObject(refused(/could not show the question/))
  })

  it('whose person says nothing is answered after five minutes', async () => {
    const server = await startApprovalServer()
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const host = await oldHost(server, () => {
      asked()
      return new Promise(() => {})
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answer = host.call(AMOUNT)
    await isAsked
    await vi.advanceTimersByTimeAsync(299_000)
    expect(await Promise.race([answer, Promise.resolve('still open')])).toBe('still open')
    await vi.advanceTimersByTimeAsync(1_001)
    expect(await answer).toMatchObject(refused(/nobody answered the question within five minutes/))
    expect(allowed).toStrictEqual([])
  })

  it('does not hold up a server that is about to end', async () => {
    const server = await startApprovalServer()
    const host = await oldHost(server, () => {
      void server.calls.end(1)
      return new Promise(() => {})
    })
    expect(await host.call(AMOUNT)).toMatchObject(refused(/the server is about to end/))
  })
})

afterEach(() => void vi.useRealTimers())
