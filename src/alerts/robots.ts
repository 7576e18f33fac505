// How each kind of robot is spoken to, and how it says that it took a message.
import { createHmac } from 'node:crypto'
import type { Alert } from '../ledger/ledger.ts'

export interface AlertMessage {
  text: string
  /** What it is about, for a system of the merchant's own; several where one message tells of many. */
  alerts: readonly Alert[]
}

export interface RobotRequest {
  /** Of its address, with what is added to it. */
  query: string
  body: string
}

interface Robot {
  hosts: RegExp
  request(message: AlertMessage, url: URL, secret: string | undefined, now: number): RobotRequest
  /** HTTP 200 alone says nothing: robots refuse with it. */
  isTaken(answer: string): boolean
}

/** The longest that WeCom takes, in bytes. */
const MOST_BYTES = 2_048

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64')
const queryOf = (url: URL) => url.search.slice(1)

function codeIn(answer: string, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(answer)
    return typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).find(([key]) => key === name)?.[1]
      : undefined
  } catch {
    return undefined
  }
}

const ROBOTS: readonly Robot[] = [
  {
    // 钉钉 (open.dingtalk.com, 自定义机器人): the signature is of the time, the secret its key and part of its text.
    hosts: /^oapi\.dingtalk\.com$/,
    request({ text }, url, secret, now) {
      const signature = secret && { timestamp: String(now), sign: hmac(secret, `${now}\n${secret}`) }
      const added = signature ? `&${new URLSearchParams(signature)}` : ''
      return { query: queryOf(url) + added, body: JSON.stringify({ msgtype: 'text', text: { content: text } }) }
    },
    isTaken: (answer) => codeIn(answer, 'errcode') === 0,
  },
  {
    // 企业微信 (developer.work.weixin.qq.com, 群机器人): no signature, the address is the secret.
    hosts: /^qyapi\.weixin\.qq\.com$/,
    request: ({ text }, url) => ({
      query: queryOf(url),
      body: JSON.stringify({ msgtype: 'text', text: { content: cut(text) } }),
    }),
    isTaken: (answer) => codeIn(answer, 'errcode') === 0,
  },
  {
    // 飞书 (open.feishu.cn, 自定义机器人): seconds, and a signature whose text is empty.
    hosts: /^open\.(feishu\.cn|larksuite\.com)$/,
    request({ text }, url, secret, now) {
      const timestamp = String(Math.floor(now / 1000))
      const signature = secret && { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') }
      return { query: queryOf(url), body: JSON.stringify({ ...signature, msg_type: 'text', content: { text } }) }
    },
    isTaken: (answer) => codeIn(answer, 'code') === 0,
  },
]

const OWN_SYSTEM: Robot = {
  hosts: /./,
  request: ({ text, alerts }, url) => ({
    query: queryOf(url),
    body: JSON.stringify({
      text,
      alerts: alerts.map(({ kind, out_trade_no, facts, raised_at }) => ({ kind, out_trade_no, ...facts, raised_at })),
    }),
  }),
  isTaken: () => true,
}

export function robotAt({ hostname }: URL): Robot {
  return ROBOTS.find(({ hosts }) => hosts.test(hostname)) ?? OWN_SYSTEM
}

/** Never in the middle of a character. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MOST_BYTES) return text
  return `${bytes
    .subarray(0, MOST_BYTES - 6)
    .toString()
    .replace(/\uFFFD+$/, '')}…`
}
