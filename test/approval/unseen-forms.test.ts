// Clients that declare forms and show none: where that is certain the operator is asked in the same call, else it is told.
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it, vi } from 'vitest'
import { declined, oldHost, type Person, refused, waiting, YES } from './approval-hosts.ts'
import { type ApprovalServer, startApprovalServer } from './approval-server.ts'
import { allowed } from './approval-tool.ts'

const AMOUNT = { amount: '3.00' }
const FORMS = Object({ elicitation: { form: {} } })
const UNSEEN = /; if nobody saw a form, set ALIPAY_REFUND_APPROVAL=operator/

const LET_BE =
  /^Do not repeat the call unless the merchant asks for the refund again\. Another amount is a new request, and /
const ASK_AGAIN =
  /^If the refund is still wanted, make the same call again: the merchant is then asked again\. Keep refund_reason as it was\. /

/** A person at a terminal decides, as soon as the call waits for it. */
function deciding(server: ApprovalServer, yes: boolean): void {
  server.clock.meanwhile = async () => {
    const actor = { at: server.clock.now(), owner: 'person', host: 'terminal' }
    for (const { id } of await server.ledger.openApprovals(server.clock.now())) {
      await server.ledger.decide(id, yes, 'terminal', actor)
    }
  }
}

describe('a client that declares forms and knows none (-32601)', () => {
  it('has the operator asked in the same call, and a yes there is a yes to exactly that', async () => {
    const server = await startApprovalServer()
    deciding(server, true)
    const host = await oldHost(server, undefined, FORMS)
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(allowed).toMatchObject([{ how: 'operator', approvalDigest: 'T1|3.00|0.00' }])
    expect(server.pages).toHaveLength(1)
  })

  it('moves nothing where the operator says no', async () => {
    const server = await startApprovalServer()
    deciding(server, false)
    const host = await oldHost(server, undefined, FORMS)
    expect(await host.call(AMOUNT)).toMatchObject(declined('the merchant said no to this refund'))
    expect(allowed).toStrictEqual([])
  })

  it('is told that the operator was asked where nobody answers, and asks once for all calls', async () => {
    const server = await startApprovalServer()
    const host = await oldHost(server, undefined, FORMS)
    expect(await host.call(AMOUNT)).toMatchObject(waiting())
    expect(await host.call(AMOUNT)).toMatchObject(waiting())
    expect(server.pages).toHaveLength(1)
    expect(await server.ledger.openApprovals(server.clock.now())).toHaveLength(1)
    expect(allowed).toStrictEqual([])
  })

  it('also where its own code says so', async () => {
    const server = await startApprovalServer()
    deciding(server, true)
    const person = vi.fn<Person>(() => {
      throw new McpError(ErrorCode.MethodNotFound, 'no forms here')
    })
    const host = await oldHost(server, person)
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(person).toHaveBeenCalledTimes(1)
  })
})

describe('a client of which nobody can tell whether a form was seen', () => {
  it.each<[string, Person, object]>([
    ['declines', () => ({ action: 'decline' }), declined(/the form was answered no; if nobody/)],
    [
      'closes the form',
      () => ({ action: 'cancel' }),
      declined(/the client closed the question without an answer; if nobody/),
    ],
    ['accepts without an answer', () => ({ action: 'accept' }), refused(/without a clear yes; if nobody/)],
    ['accepts with nothing', () => ({ action: 'accept', content: {} }), refused(/without a clear yes; if nobody/)],
    ['answers in another form', () => ({ answer: YES }), refused(/could not show the question, .*; if nobody/)],
    ...[-32_600, -32_602, -32_603, -32_000, -1].map((code): [string, Person, object] => [
      `answers with the error ${code}`,
      () => {
        throw new McpError(code, 'User rejected the request')
      },
      refused(/could not show the question, .*; if nobody/),
    ]),
  ])('that %s is told what to set, and nobody is asked twice', async (_, person, result) => {
    const server = await startApprovalServer()
    deciding(server, true)
    const host = await oldHost(server, person)
    const answer = await host.call(AMOUNT)
    expect(answer).toMatchObject(result)
    expect(answer.message).toMatch(UNSEEN)
    expect(answer.next_step).toMatch(
      /Ask the user whether a form was shown\. Only if none was: .* tell the operator to set ALIPAY_REFUND_APPROVAL=operator and to restart/,
    )
    expect(answer.next_step).toMatch(answer.error === 'declined' ? LET_BE : ASK_AGAIN)
    expect(await server.ledger.openApprovals(server.clock.now())).toStrictEqual([])
    expect([server.pages, allowed]).toStrictEqual([[], []])
  })

  it('but a no that somebody chose is a no of the merchant, and tells of no setting', async () => {
    const no = { action: 'accept', content: { decision: '不同意 no' } }
    const host = await oldHost(await startApprovalServer(), () => no)
    const answer = await host.call(AMOUNT)
    expect(answer).toMatchObject(declined('the merchant said no'))
    expect(JSON.stringify(answer)).not.toContain('ALIPAY_REFUND_APPROVAL')
  })
})
