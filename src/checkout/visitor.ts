// What a request of a browser tells: which device it is of, which language it wants, whether anybody pressed.
import type { IncomingHttpHeaders } from 'node:http'
import type { Language } from '../language.ts'
import type { Device } from './checkout-view.ts'

export interface Visit {
  method: string
  headers: IncomingHttpHeaders
}

/** [guess G27] Alipay's own browser takes wap.pay like any other phone. WeChat and QQ open no page of Alipay's. */
export function deviceOf({ headers }: Visit): Device {
  const agent = headers['user-agent'] ?? ''
  if (/MicroMessenger|\bQQ\/\d/i.test(agent)) return 'in_chat'
  if (/AlipayClient/i.test(agent)) return 'alipay'
  return /Mobile|Android|iPhone|iPad|iPod|HarmonyOS|OpenHarmony/i.test(agent) ? 'phone' : 'computer'
}

/** Chinese where neither of the two is asked for: buyers have Alipay. */
export function languageWanted({ headers }: Visit): Language {
  const wanted = (headers['accept-language'] ?? '').split(',').map((item) => {
    const [name = '', ...parameters] = item.split(';')
    const quality = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined)
    return { name: name.trim().toLowerCase(), quality: Number(quality ?? 1) }
  })
  const ours = wanted.filter(({ name, quality }) => quality > 0 && /^(zh|en)\b/.test(name))
  const [first] = ours.sort((one, other) => other.quality - one.quality)
  return first?.name.startsWith('en') ? 'en' : 'zh'
}

/** Browsers fetch what somebody may press next. */
export function isAhead({ headers }: Visit): boolean {
  const ahead = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => String(headers[name] ?? ''))
  return ahead.some((purpose) => /prefetch|preview|prerender/i.test(purpose))
}

/** A look at the head is no press, nor is what is fetched ahead of one. */
export const isPress = (visit: Visit) => visit.method === 'GET' && !isAhead(visit)
