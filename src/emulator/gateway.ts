// /gateway.do: checks a request, runs its method, signs the answer or opens the cashier.
import type { Signing } from './agreements/agreement.ts'
import { Refusal, success } from './answers.ts'
import { type BizContent, parseBizContent, refuseOtherProducts } from './biz-content.ts'
import type { Charset } from './charset.ts'
import { isKnownApp, refuseCommonErrors } from './common-errors.ts'
import { ERROR_KEY, responseKey, type Signer, signedEnvelope, unsignedEnvelope } from './envelope.ts'
import { type Call, replyTo } from './faults.ts'
import type { Params } from './incoming.ts'
import type { ApiMethod } from './methods/method.ts'
import { API_METHODS, PAGE_METHODS, PAYMENT_METHODS, SIGN_METHODS } from './methods/method-table.ts'
import { notifyTo } from './notify-url.ts'
import { openOrder } from './orders.ts'
import { gatewayErrorPage } from './pages/gateway-error-page.ts'
import type { Platform } from './platform.ts'
import { type Reply, redirect } from './reply.ts'
import { checkedReturn } from './return-url.ts'
import { cashierPath, type Opening } from './trade-store.ts'

export async function answerGateway(params: Params, platform: Platform): Promise<Reply> {
  const name = params.values.get('method') ?? ''
  try {
    platform.agreements.catchUp(platform.clock.now())
    if (PAYMENT_METHODS.has(name)) return redirect(302, cashierPath(openLink(params, platform)))
    if (SIGN_METHODS.has(name)) return redirect(302, signPath(openSignLink(params, platform)))
    refuseCommonErrors(params, platform)
    return await callApi(name, params, platform)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!PAGE_METHODS.has(name)) return refusedReply(error, params, platform)
    return gatewayErrorPage(error, SIGN_METHODS.has(name) ? 'sign' : 'pay')
  }
}

/** Verifies a signed payment link and remembers that it was opened; throws a Refusal. */
export function openLink(params: Params, platform: Platform): Opening {
  refuseCommonErrors(params, platform)
  const method = PAYMENT_METHODS.get(params.values.get('method') ?? '')
  if (!method) throw new Refusal('isv.invalid-method', '不是支付页面接口 / Not a method that opens a cashier')
  const biz = parseBizContent(params.values.get('biz_content'))
  refuseOtherProducts(biz, method.product_codes)
  platform.console.refuseDenied(method.name, 'ACQ.ACCESS_FORBIDDEN')
  const addresses = { return_to: checkedReturn(params.values), notify_to: notifyTo(params.values) }
  return openOrder(biz, method.channel, addresses, platform)
}

/** The same of a signed link to an agreement. */
export function openSignLink(params: Params, platform: Platform): Signing {
  refuseCommonErrors(params, platform)
  const method = SIGN_METHODS.get(params.values.get('method') ?? '')
  if (!method) throw new Refusal('isv.invalid-method', '不是签约页面接口 / Not a method that opens a page to sign')
  platform.console.refuseDenied(method.name, 'ACQ.ACCESS_FORBIDDEN')
  return method.open(parseBizContent(params.values.get('biz_content')), params.values, platform)
}

/** Where the buyer's page of it is. */
export function signPath({ id }: Signing): string {
  return `/sign/${id}`
}

function callApi(name: string, params: Params, platform: Platform): Reply | Promise<Reply> {
  const biz = parseBizContent(params.values.get('biz_content'))
  const method = API_METHODS.get(name)
  if (!method) throw new Refusal('isv.invalid-method')
  platform.calls.set(name, (platform.calls.get(name) ?? 0) + 1)
  const call = prepareCall(method, biz, params, platform)
  return replyTo(call, platform.faults.take(name))
}

function prepareCall(method: ApiMethod, biz: BizContent, { charset, values }: Params, platform: Platform): Call {
  const refuse = (refusal: Refusal) => refusal.answer(method.refusalFields?.(biz))
  return {
    key: responseKey(method.name),
    signer: signerFor(charset, platform),
    systemError: /^alipay\.user\./.test(method.name) ? 'SYSTEM_ERROR' : 'ACQ.SYSTEM_ERROR',
    pause: platform.pause,
    refuse,
    run() {
      try {
        platform.console.refuseDenied(method.name, 'ACQ.ACCESS_FORBIDDEN')
        return success(method.run(biz, platform, values))
      } catch (error) {
        if (error instanceof Refusal) return refuse(error)
        throw error
      }
    },
  }
}

/** Signed once the app is known, but never as `error_response`. */
function refusedReply(refusal: Refusal, params: Params, platform: Platform): Reply {
  const key = responseKey(params.values.get('method') ?? '')
  const signed = isKnownApp(params.values, platform) && key !== ERROR_KEY
  const envelope = signed ? signedEnvelope : unsignedEnvelope
  return envelope(key, refusal.answer(), signerFor(params.charset, platform))
}

/** An answer is in the charset of its request. */
function signerFor(charset: Charset, { keys, certificates }: Platform): Signer {
  return { charset, keys, certificates }
}
