// notify_url of a request: where notifications of the order go.
import { Refusal } from './answers.ts'
import type { NotifyTo } from './trade.ts'

export function notifyTo(common: ReadonlyMap<string, string>): NotifyTo | undefined {
  const url = common.get('notify_url')?.trim()
  if (!url) return undefined
  if (url.length > 256 || !/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new Refusal('ACQ.INVALID_PARAMETER')
  return { url, app_id: common.get('app_id') ?? '' }
}
