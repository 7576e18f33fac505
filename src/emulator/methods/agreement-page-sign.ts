// alipay.user.agreement.page.sign: a link on which a buyer signs an agreement. Links do not expire, unlike those to pay.
import { openSigning } from '../agreements/sign-request.ts'
import type { SignMethod } from './method.ts'

export const agreementPageSign: SignMethod = {
  name: 'alipay.user.agreement.page.sign',
  open: openSigning,
}
