// Which agreement a request names: by its number alone, or by the merchant's number or the user with product and scene.
import { Refusal } from '../answers.ts'
import { type BizContent, readField } from '../biz-content.ts'
import { BUYERS, type Buyer } from '../buyers.ts'
import type { Platform } from '../platform.ts'
import { type Agreement, isInForce } from './agreement.ts'

export interface Naming {
  readonly by_external_no: 'needs_scene' | 'alone'
  /** The merchant's number has to be repeated where one was signed. */
  readonly repeats: boolean
}

/** Also one that is no longer in force; of a user the newest of that product and scene that is. */
export function findAgreement(
  biz: BizContent,
  platform: Platform,
  { by_external_no, repeats }: Naming,
): Agreement | undefined {
  const agreement_no = readField(biz, 'agreement_no')
  // Beside it everything else is ignored.
  if (agreement_no !== undefined) return platform.agreements.find(agreement_no)
  const external_agreement_no = readField(biz, 'external_agreement_no')
  const buyer = readBuyer(biz)
  const scene = readScene(biz)
  if (external_agreement_no === undefined && !buyer) throw new Refusal('INVALID_PARAMETER')
  if (!scene && (buyer || by_external_no === 'needs_scene')) throw new Refusal('INVALID_PARAMETER')
  const fits = (one: Agreement) => {
    const { terms } = one
    const ofScene =
      !scene || (terms.personal_product_code === scene.personal_product_code && terms.sign_scene === scene.sign_scene)
    const ofNumber =
      (!repeats && external_agreement_no === undefined) || terms.external_agreement_no === external_agreement_no
    return ofScene && ofNumber && (!buyer || one.buyer === buyer)
  }
  return candidates(external_agreement_no, platform).find(fits)
}

function readScene(biz: BizContent): { personal_product_code: string; sign_scene: string } | undefined {
  const personal_product_code = readField(biz, 'personal_product_code')
  const sign_scene = readField(biz, 'sign_scene')
  return personal_product_code === undefined || sign_scene === undefined
    ? undefined
    : { personal_product_code, sign_scene }
}

/** The user id wins over the logon id. */
function readBuyer(biz: BizContent): Buyer | undefined {
  const user_id = readField(biz, 'alipay_user_id')
  const logon_id = readField(biz, 'alipay_logon_id')
  if (user_id === undefined && logon_id === undefined) return undefined
  const isMeant = (buyer: Buyer) =>
    user_id === undefined ? buyer.buyer_logon_id === logon_id : buyer.buyer_user_id === user_id
  const buyer = BUYERS.find(isMeant)
  if (!buyer) throw new Refusal('USER_NOT_EXIST_ERROR')
  return buyer
}

function candidates(external_agreement_no: string | undefined, { agreements, clock }: Platform): Agreement[] {
  if (external_agreement_no === undefined) {
    return agreements
      .all()
      .filter((one) => isInForce(one, clock.now()))
      .reverse()
  }
  const named = agreements.findByExternalNo(external_agreement_no)
  return named ? [named] : []
}
