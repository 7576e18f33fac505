// What tests of agreements ask and do: sign links, charges, the control API's part, on the clock that stands at 2026-11-20.
import type { Params, RawClient } from './raw-client.ts'

export const PRODUCT = { product_code: 'GENERAL_WITHHOLDING' }
export const SCENE = { personal_product_code: 'CYCLE_PAY_AUTH_P', sign_scene: 'INDUSTRY|DIGITAL_MEDIA' }
export const MONTHLY = { period_type: 'MONTH', period: '1', execute_time: '2026-12-06', single_amount: '15.00' }
export const WEEKLY = { period_type: 'DAY', period: '7', execute_time: '2026-11-27', single_amount: '15.00' }
export const SIGN = 'alipay.user.agreement.page.sign'

export type Fields = Record<string, unknown>

export interface Described {
  agreement_no: string
  planned_day: string
  in_force: boolean
  status: string
  unsigned: { at: string; by: string } | null
  attempts: { out_trade_no: string; answer: string; planned_day: string; at: string }[]
  charges: { out_trade_no: string; trade_status: string; planned_day: string; gmt_payment: string | null }[]
}

export class AgreementClient {
  constructor(readonly client: RawClient) {}

  content(external_agreement_no: string | undefined, more: object = {}): object {
    return {
      ...PRODUCT,
      ...SCENE,
      external_agreement_no,
      access_params: { channel: 'QRCODE' },
      period_rule_params: MONTHLY,
      ...more,
    }
  }

  signLink(external_agreement_no: string | undefined, more: object = {}, common: Params = {}): string {
    return this.client.link(SIGN, this.content(external_agreement_no, more), common)
  }

  /** Signed by the buyer; its agreement_no. */
  async signed(external_agreement_no: string | undefined, more: object = {}, account = 'buyer1'): Promise<string> {
    const sign_url = this.signLink(external_agreement_no, more)
    const { status, body } = await this.client.control('/agreements/sign', { sign_url, account })
    if (status !== 200) throw new Error(JSON.stringify(body))
    return (body as Described).agreement_no
  }

  async query(biz: object): Promise<Fields> {
    return (await this.client.call('alipay.user.agreement.query', biz)).response
  }

  async unsign(biz: object, common: Params = {}): Promise<Fields> {
    return (await this.client.call('alipay.user.agreement.unsign', biz, common)).response
  }

  async modify(biz: object): Promise<Fields> {
    return (await this.client.call('alipay.user.agreement.executionplan.modify', biz)).response
  }

  async charge(agreement_no: string, out_trade_no: string, more: object = {}, common: Params = {}): Promise<Fields> {
    const order = { out_trade_no, total_amount: '15.00', subject: '会员月费', ...PRODUCT }
    const content = { ...order, agreement_params: { agreement_no }, ...more }
    return (await this.client.call('alipay.trade.pay', content, common)).response
  }

  next(agreement_no: string, outcome: object) {
    return this.client.control('/charges/next', { agreement_no, ...outcome })
  }

  decide(out_trade_no: string, end: 'paid' | 'closed') {
    return this.client.control('/charges/decide', { out_trade_no, end })
  }

  rules(rules: object) {
    return this.client.control('/rules', rules)
  }

  async listed(): Promise<Described[]> {
    const answer = await fetch(`${this.client.emulator.control_url}/agreements`)
    return ((await answer.json()) as { agreements: Described[] }).agreements
  }

  async one(agreement_no: string): Promise<Described> {
    const found = (await this.listed()).find((one) => one.agreement_no === agreement_no)
    if (!found) throw new Error(`no agreement ${agreement_no}`)
    return found
  }

  /** Moves the clock to that time of Beijing, unless it is past it. */
  async until(time: string): Promise<void> {
    const { now } = (await this.client.trades()) as { now: string }
    const at = (text: string) => Date.parse(`${text.replace(' ', 'T')}+08:00`)
    const seconds = (at(time.length === 10 ? `${time} 10:00:00` : time) - at(now)) / 1000
    if (seconds > 0) await this.client.wait(seconds)
  }
}

/** The switches as they are unless a test turns them. */
export const USUAL_RULES = {
  charge_window: 'five_days',
  failed_charge: 'closed',
  missed_window: 'stays',
  agreement_notification: 'gateway_only',
  unsign_unknown: 'by_history',
  deduct_time_form: 'date',
  query_by_external_no: 'needs_scene',
}
