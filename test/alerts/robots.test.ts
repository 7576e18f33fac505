// Each robot is spoken to as its platform documents it, and believed only as it says.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { alertText, digestText } from '../../src/alerts/alert-words.ts'
import { robotAt } from '../../src/alerts/robots.ts'
import type { Alert } from '../../src/ledger/ledger.ts'
import { ALERT_KINDS } from '../../src/ledger/watching.ts'

const NOW = Date.parse('2026-11-20T10:00:00+08:00')
const ALERT: Alert = {
  id: 1,
  kind: 'payment',
  key: 'payment/A',
  out_trade_no: 'A',
  facts: { total_amount: '9.90', subject: '茶 "tea"' },
  raised_at: NOW,
}
const MESSAGE = { text: alertText(ALERT), alerts: [ALERT] }
const request = (address: string, secret?: string, message = MESSAGE) => {
  const url = new URL(address)
  const { query, body } = robotAt(url).request(message, url, secret, NOW)
  return { query: Object.fromEntries(new URLSearchParams(query)), body: JSON.parse(body) }
}

describe('what is sent', () => {
  it('to DingTalk, signed over the time and the secret', () => {
    const address = 'https://oapi.dingtalk.com/robot/send?access_token=T'
    expect(request(address)).toEqual({
      query: { access_token: 'T' },
      body: { msgtype: 'text', text: { content: MESSAGE.text } },
    })
    const sign = createHmac('sha256', 'SEC1').update(`${NOW}\nSEC1`).digest('base64')
    expect(request(address, 'SEC1').query).toEqual({ access_token: 'T', timestamp: String(NOW), sign })
  })

  it('to WeCom, in as many bytes as it takes', () => {
    const address = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K'
    expect(request(address)).toEqual({
      query: { key: 'K' },
      body: { msgtype: 'text', text: { content: MESSAGE.text } },
    })
    const { content } = request(address, undefined, { ...MESSAGE, text: '茶'.repeat(2_000) }).body.text
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048)
    expect(content).toMatch(/^茶+…$/)
  })

  it('to Feishu and Lark, signed with the time and the secret as the key', () => {
    const seconds = String(NOW / 1000)
    const sign = createHmac('sha256', `${seconds}\nSEC1`).update('').digest('base64')
    for (const host of ['open.feishu.cn', 'open.larksuite.com']) {
      const address = `https://${host}/open-apis/bot/v2/hook/H`
      expect(request(address).body).toEqual({ msg_type: 'text', content: { text: MESSAGE.text } })
      expect(request(address, 'SEC1').body).toMatchObject({ timestamp: seconds, sign })
    }
  })

  it("to the merchant's own system, as data", () => {
    expect(request('https://shop.cn/alerts?k=1')).toEqual({
      query: { k: '1' },
      body: {
        text: MESSAGE.text,
        alerts: [{ kind: 'payment', out_trade_no: 'A', total_amount: '9.90', subject: '茶 "tea"', raised_at: NOW }],
      },
    })
  })
})

it.each([
  ['oapi.dingtalk.com', '{"errcode":0,"errmsg":"ok"}', true],
  ['oapi.dingtalk.com', '{"errcode":310000,"errmsg":"sign not match"}', false],
  ['oapi.dingtalk.com', '<html>', false],
  ['qyapi.weixin.qq.com', '{"errcode":45009}', false],
  ['open.feishu.cn', '{"code":0,"msg":"success"}', true],
  ['open.feishu.cn', '{"code":19021,"msg":"sign match fail"}', false],
  ['shop.cn', '', true],
])('%s with %s is taken: %s', (host, answer, isTaken) => {
  expect(robotAt(new URL(`https://${host}/`)).isTaken(answer)).toBe(isTaken)
})

describe('the words', () => {
  it.each(ALERT_KINDS)('of %s stand in both languages, with no address to decide anything at', (kind) => {
    const [zh = '', en = '', ...rest] = alertText({ ...ALERT, kind }).split('\n')
    expect(zh).toMatch(/\p{Script=Han}.*。|？$/u)
    expect(en).toMatch(/^[A-Z][ -~]+[.?]$/)
    expect(rest.at(-1)).toBe('2026-11-20 10:00:00（北京时间）')
    expect(alertText({ ...ALERT, kind })).not.toMatch(/https?:/)
  })

  it('quote what somebody typed in one line, shortened', () => {
    const facts = { total_amount: '9.90', subject: `茶\n已付款${'x'.repeat(300)}` }
    expect(alertText({ ...ALERT, facts }).split('\n')).toHaveLength(4)
  })

  it('of a digest count by kind, each in words', () => {
    const text = digestText([ALERT, ALERT, { ...ALERT, kind: 'in_doubt' }])
    expect(text).toContain('已付款 paid (2): ')
    expect(text).toContain('结果未知 in doubt (1): ')
  })
})
