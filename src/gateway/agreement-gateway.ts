// The gateway's calls about agreements 代扣协议: the link on which a buyer signs one, what it says, its end, and charging it.
import * as z from 'zod'
import { fromBeijingTime } from '../clock.ts'
import { optional, type Typed } from './answer-schemas.ts'
import type {
  Agreement,
  AgreementGateway,
  AgreementName,
  AgreementTerms,
  ChangeOptions,
  ChargeAnswer,
  ChargeContent,
  Outcome,
  ReadOptions,
  SignChannel,
  SignContent,
} from './gateway.ts'
import type { Unsigned } from './signing.ts'

/** What the gateway does for these calls as for all others. */
export interface Calls {
  /** URL-encoded parameters of a link, with their signature. */
  link(unsigned: Unsigned): string
  read<T>(request: Typed<T>, options?: ReadOptions): Promise<Outcome<T>>
  change<T>(request: Typed<T>, options?: ChangeOptions): Promise<Outcome<T>>
  readonly gateway: string
  readonly notify_url: string | undefined
  readonly return_url: string | undefined
}

/** How a buyer meets the link: as a code, read with Alipay's own scanner, or inside Alipay on the phone itself. */
const SIGN_CHANNELS = { page: 'QRCODE', mobile: 'ALIPAYAPP' } as const
/** The app inside Alipay that signs, and how it is opened. */
const SCHEME = 'alipays://platformapi/startapp?appId=60000157&appClearTop=false&startMultApp=YES&sign_params='

const text = z.string().min(1)
/** With or without a time: what is charged goes by it, so that one in another form proves nothing. */
const optionalDay = optional.refine((value) => value === undefined || isDay(value.slice(0, 10)))
const isDay = (day: string) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(fromBeijingTime(`${day} 00:00:00`))
const agreementAnswer = z
  .object({
    agreement_no: text,
    status: z.enum(['TEMP', 'NORMAL', 'STOP']),
    external_agreement_no: optional,
    principal_id: optional,
    // What newer apps get instead.
    principal_open_id: optional,
    alipay_logon_id: optional,
    sign_time: optional,
    invalid_time: optional,
    next_deduct_time: optionalDay,
    last_deduct_time: optionalDay,
  })
  .transform(({ principal_open_id, alipay_logon_id, ...rest }) => ({
    ...rest,
    principal_id: rest.principal_id ?? principal_open_id,
    buyer_logon_id: alipay_logon_id,
  }))
const chargeAnswer = z
  .object({ code: text, out_trade_no: text, trade_no: text })
  .transform(({ code, ...rest }) => ({ ...rest, in_process: code !== '10000' }))
const nothing = z.object({})

export class AlipayAgreements implements AgreementGateway {
  constructor(
    readonly terms: AgreementTerms,
    readonly calls: Calls,
  ) {}

  get product() {
    return this.terms.product
  }

  async signLink(channel: SignChannel, content: SignContent, own_return_url?: string): Promise<string> {
    const { gateway, return_url = own_return_url } = this.calls
    const { period_type, period, execute_time, single_amount, total_payments, external_agreement_no } = content
    const { product: product_code, personal_product_code, sign_scene } = this.terms
    // No notify_url: Alipay sends what concerns an agreement to the app's gateway address 应用网关.
    const signed = this.calls.link({
      method: 'alipay.user.agreement.page.sign',
      content: {
        ...{ product_code, personal_product_code, sign_scene, external_agreement_no },
        access_params: { channel: SIGN_CHANNELS[channel] },
        period_rule_params: { period_type, period: String(period), execute_time, single_amount, total_payments },
      },
      urls: return_url ? { return_url } : {},
    })
    return channel === 'page' ? `${gateway}?${signed}` : SCHEME + encodeURIComponent(signed)
  }

  async agreement(name: AgreementName, options?: ReadOptions): Promise<Outcome<Agreement>> {
    const method = 'alipay.user.agreement.query'
    if ('agreement_no' in name)
      return this.calls.read({ method, content: { ...name }, schema: agreementAnswer }, options)
    const { personal_product_code, sign_scene } = this.terms
    const content = { ...name, personal_product_code, sign_scene }
    const read = await this.calls.read({ method, content, schema: agreementAnswer }, options)
    if (read.outcome !== 'done' || read.answer.external_agreement_no === name.external_agreement_no) return read
    return { outcome: 'unknown', why: 'the answer does not say of which agreement it is' }
  }

  async unsign(agreement_no: string, options?: ChangeOptions): Promise<Outcome<object>> {
    const request = { method: 'alipay.user.agreement.unsign', content: { agreement_no }, schema: nothing }
    const ended = await this.calls.change(request, options)
    const isEnded = ended.outcome === 'refused' && ended.refusal.sub_code === 'AGREEMENT_HAS_UNSIGNED'
    return isEnded ? { outcome: 'done', answer: {} } : ended
  }

  postpone(agreement_no: string, deduct_time: string, memo: string, options?: ChangeOptions): Promise<Outcome<object>> {
    const content = { agreement_no, deduct_time, memo }
    const method = 'alipay.user.agreement.executionplan.modify'
    return this.calls.change({ method, content, schema: nothing }, options)
  }

  charge(content: ChargeContent, options?: ChangeOptions): Promise<Outcome<ChargeAnswer>> {
    const { agreement_no, ...order } = content
    const { notify_url } = this.calls
    return this.calls.change(
      {
        method: 'alipay.trade.pay',
        content: { ...order, product_code: this.terms.product, agreement_params: { agreement_no } },
        urls: notify_url ? { notify_url } : {},
        schema: chargeAnswer,
      },
      options,
    )
  }
}
