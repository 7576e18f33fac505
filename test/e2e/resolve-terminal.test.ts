// resolve --resend at a pseudo terminal: what is sent again, and what a person is asked before.
import { afterEach, describe, expect, it } from 'vitest'
import { order } from '../cli/ledger/full-ledger.ts'
import { pay, RawServer } from './hosts.ts'
import { closeShops, type LedgerShop, openLedgerShop } from './ledger-shop.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(async () => {
  closeTerminals()
  await closeShops()
})

const PROMPT = /Type the amount 30\.00 for yes, "no" for no, or press Enter to skip:/

/** A paid order of 50.00, of which a server wrote down a refund of 30.00 as sent, some minutes ago, and was then killed. */
async function withLostRefund(minutesAgo = 1): Promise<LedgerShop & { out_trade_no: string }> {
  const shop = await openLedgerShop()
  const server = new RawServer(shop.env)
  await server.open('2025-11-25')
  const made = await server.call('create_payment', { subject: 'Tea', total_amount: 50 })
  await pay(made.pay_url)
  const out_trade_no = String(made.out_trade_no)
  const { trade_no } = await server.call('query_payment', { out_trade_no })
  await server.end()
  const actor = { at: Date.now() - minutesAgo * 60_000, owner: 'killed', host: 'Cursor' }
  const request = { out_trade_no, trade_no: String(trade_no), total_fen: 5_000, amount_fen: 3_000 }
  const refund = { ...request, out_request_no: 'LOST1', portion: { kind: 'amount', ordinal: 1 } as const }
  const reserved = await shop.ledger.reserveRefund(refund, { asks: 'never' }, undefined, actor)
  if (reserved.outcome !== 'prepared') throw new Error(JSON.stringify(reserved))
  await shop.ledger.markSending(reserved.intent.id, false, actor)
  await shop.ledger.resolve(reserved.intent.id, { state: 'unknown', answer: 'no answer', empty: true }, actor)
  return { ...shop, out_trade_no }
}

/** A step that was sent so many minutes ago, and of which Alipay knew nothing then. */
async function loseStep({ ledger }: LedgerShop, kind: 'create' | 'close', out_trade_no: string, minutesAgo: number) {
  const actor = { at: Date.now() - minutesAgo * 60_000, owner: 'killed', host: 'Cursor' }
  const reserved = await ledger.reserve(kind, out_trade_no, actor)
  if (!('id' in reserved)) throw new Error(JSON.stringify(reserved))
  expect(await ledger.markSending(reserved.id, false, actor)).toBe('go')
  await ledger.resolve(reserved.id, { state: 'unknown', answer: 'no answer', empty: true }, actor)
}

const decisions = async ({ ledger }: LedgerShop) => (await ledger.approvals({})).map(({ state }) => state)

describe.skipIf(!hasTerminal)('resolve --resend', () => {
  it('writes nothing down where Enter is pressed, or something else is typed twice, and asks again the next time', async () => {
    const shop = await withLostRefund()
    const reading = new Terminal(['resolve'], shop.env)
    expect(await reading.exited).toBe(1)
    expect(reading.screen).toMatch(/Unknown: run this again after \d{4}-[-\d ]+:\d\d Beijing time\.[\s\S]* --resend\n$/)
    for (const keys of [['\n'], ['perhaps\n', '30\n'], ['\u0004']]) {
      const screen = new Terminal(['resolve', '--resend'], shop.env)
      for (const key of keys) await screen.answer(PROMPT, key)
      expect(await screen.exited).toBe(1)
      expect(screen.screen).toMatch(/skipped: nothing was sent/i)
      expect(await decisions(shop)).toStrictEqual([])
    }
    const screen = new Terminal(['resolve', '--resend'], shop.env)
    const question = (await screen.until(PROMPT)).replace(/\s+/g, ' ')
    expect(question).toMatch(/Send this refund again, now\?.*First asked for by: "Cursor".* nothing moves twice\./)
    expect(question).not.toMatch(/Approve this refund|"terminal"/)
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.exited).toBe(0)
    expect(screen.screen).toMatch(/accepted/i)
    expect(await decisions(shop)).toStrictEqual(['used'])
  })

  it('is not offered for a refund that has ended as not executed: what to do then is said', async () => {
    const shop = await withLostRefund(11)
    const ended = new Terminal(['resolve'], shop.env)
    expect(await ended.exited).toBe(0)
    expect(ended.screen.replace(/\s+/g, ' ')).toMatch(
      /refund of 30\.00 yuan, .*: not executed .* Nothing moved\. If it is still wanted, ask the assistant for the same refund again: a person is asked anew\. $/,
    )
    const later = new Terminal(['resolve', '--resend'], shop.env)
    expect(await later.exited).toBe(0)
    expect(later.screen).toBe('Nothing is unfinished.\n')
  })

  it('asks at once about a refund that it finds not executed itself, and says what is left to do later', async () => {
    const shop = await withLostRefund(11)
    const screen = new Terminal(['resolve', '--resend', '--lang', 'zh'], shop.env)
    expect((await screen.until(/同意请输入金额 30\.00/)).replace(/\s+/g, '')).toContain(
      '没有退款。如仍需退款，请回答下面的询问；之后则请让助手再次提出同一笔退款，会重新请人确认。',
    )
    await screen.answer(/回车：/, '\n')
    expect(await screen.exited).toBe(0)
    expect(await decisions(shop)).toStrictEqual([])
  })

  it('is not offered for a code that was lost, of which it asks nothing', async () => {
    const shop = await openLedgerShop()
    await order(shop.ledger, 'CODE1', '2026-11-02 11:00:00')
    await loseStep(shop, 'create', 'CODE1', 1)
    const screen = new Terminal(['resolve'], shop.env)
    expect(await screen.exited).toBe(1)
    expect(screen.screen).toMatch(/^CODE1\n {2}creating, .*: unknown\n {2}\(nobody has scanned its code\)\n\nUnknown:/)
    expect(screen.screen).not.toContain('--resend')
  })

  it('is not offered for a close that was not executed: the command that closes is said', async () => {
    const shop = await openLedgerShop()
    const server = new RawServer(shop.env)
    await server.open('2025-11-25')
    const { out_trade_no, pay_url } = await server.call('create_payment', { subject: 'Tea', total_amount: 50 })
    await server.end()
    const login = { method: 'POST', body: new URLSearchParams({ account: 'buyer1' }) }
    await fetch(String(pay_url)).then(({ url }) => fetch(`${url}/login`, login))
    await loseStep(shop, 'close', String(out_trade_no), 11)
    const screen = new Terminal(['resolve'], shop.env)
    expect(await screen.exited).toBe(0)
    expect(screen.screen.replace(/\s+/g, ' ')).toMatch(/closing, .*: not executed .* This did not close the order\. /)
    expect(screen.screen).toMatch(new RegExp(`\\n {4}node .* close --order ${out_trade_no}\\n$`))
  })

  it('does not say that a no holds where a yes to the same was given before, which stays', async () => {
    const shop = await withLostRefund()
    const { out_trade_no, ledger } = shop
    const [intent] = (await ledger.intents(out_trade_no)).filter(({ kind }) => kind === 'refund')
    const refund = { out_trade_no, trade_no: intent?.trade_no ?? '', total_fen: 5_000, amount_fen: 3_000 }
    const request = { ...refund, out_request_no: 'LOST1', portion: { kind: 'amount', ordinal: 1 } as const }
    const actor = { at: Date.now(), owner: 'another', host: 'terminal' }
    const { approvalDigest } = await ledger.evaluateRefund(request, { asks: 'always' }, actor)
    const asked = { approvalDigest, out_trade_no, amount_fen: 3_000, question: 'Give it back?' }
    await ledger.decide((await ledger.requestApproval(asked, actor)).id, true, 'page', actor)
    const screen = new Terminal(['resolve', '--resend'], shop.env)
    await screen.answer(PROMPT, 'no\n')
    expect(await screen.exited).toBe(1)
    expect(screen.screen.replace(/\s+/g, ' ')).toMatch(
      /The no was not taken: a yes to exactly this was given before, and can be used until \d{4}-/,
    )
    expect(await decisions(shop)).toStrictEqual(['approved'])
  })

  it('keeps a "no", and says who gave it and from when it can be asked again, in the place of a question', async () => {
    const shop = await withLostRefund()
    const first = new Terminal(['resolve', '--resend'], shop.env)
    await first.answer(PROMPT, 'no\n')
    expect(await first.exited).toBe(1)
    expect(await decisions(shop)).toStrictEqual(['denied'])
    const second = new Terminal(['resolve', '--resend'], shop.env)
    expect(await second.exited).toBe(1)
    const said = second.screen.replace(/\s+/g, ' ')
    expect(said).toMatch(
      /Not asked, not sent: the refund of 30\.00 yuan of order \S+\. Somebody said no to a refund of this amount of this order/,
    )
    expect(said).toMatch(/ at a terminal, on [-\d]+ [:\d]{8}; it can be asked about again from [-\d]+ [:\d]{8} on/)
    expect(said).not.toMatch(/Send this refund again|Refund amount|Type the amount/)
    const third = new Terminal(['resolve', '--resend', '--lang', 'zh'], shop.env)
    expect(await third.exited).toBe(1)
    expect(third.screen.replace(/\s+/g, '')).toMatch(
      /没有询问，也没有发送：.*已有人在终端里拒绝过这个订单同样金额的退款，.*起才能再次询问。/,
    )
  })
})
