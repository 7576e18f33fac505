// /sign/..., /wallet/... and /platformapi/startapp: what a buyer sees of agreements in the wallet, as plain form posts.
import { type Agreement, isInForce, type Signing } from './agreements/agreement.ts'
import { signAgreement, unsignAgreement } from './agreements/sign-agreement.ts'
import { signLinkIn } from './agreements/sign-link.ts'
import { Refusal } from './answers.ts'
import { buyerOf } from './buyers.ts'
import { signPath } from './gateway.ts'
import { hasLocalOrigin, type Incoming } from './incoming.ts'
import { noSuchPage, refusedPage } from './pages/cashier-page.ts'
import { signedPage, signPage } from './pages/sign-page.ts'
import { walletPage, walletPath } from './pages/wallet-page.ts'
import type { Platform } from './platform.ts'
import { plainText, type Reply, redirect } from './reply.ts'
import { signedAgreementReturn } from './return-url.ts'

const NO_SIGNING = ['无法开通', 'It cannot be signed'] as const
const NO_UNSIGNING = ['无法关闭', 'It cannot be ended'] as const

export function answerWallet(incoming: Incoming, platform: Platform): Reply {
  const [, page = '', id = '', step = ''] = incoming.url.pathname.split('/')
  if (page === 'platformapi') return followScheme(incoming, platform)
  if (incoming.method === 'POST' && !hasLocalOrigin(incoming.headers)) {
    return plainText(403, 'Requests from other web pages are refused.\n')
  }
  if (page === 'wallet') return answerManaging(platform.agreements.find(id), step, incoming, platform)
  const signing = platform.agreements.signing(id)
  return signing ? answerSigning(signing, step, incoming, platform) : noSuchPage()
}

/** What `alipays://platformapi/startapp?...` opens on a phone, with this emulator's address in the place of `alipays:/`. */
function followScheme({ url }: Incoming, platform: Platform): Reply {
  const link = signLinkIn(`alipays:/${url.pathname}${url.search}`, platform.origin)
  return link ? redirect(302, `${link.pathname}${link.search}`) : noSuchPage()
}

function answerSigning(signing: Signing, step: string, incoming: Incoming, platform: Platform): Reply {
  const here = signPath(signing)
  if (incoming.method === 'GET' && step === '') return showSigning(signing, incoming, platform)
  if (incoming.method !== 'POST' || step !== 'agree') return noSuchPage()
  try {
    const buyer = buyerOf(new URLSearchParams(incoming.body.toString()).get('account') ?? '')
    if (!buyer) throw new Refusal('USER_NOT_EXIST_ERROR')
    const { agreement_no } = signAgreement(signing, buyer, platform)
    return redirect(303, `${here}?agreement_no=${agreement_no}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refusedPage(error, here, NO_SIGNING)
  }
}

/** Once a number is signed its link shows that, to whoever opens it. */
function showSigning(signing: Signing, { url }: Incoming, platform: Platform): Reply {
  const { external_agreement_no } = signing
  const named = platform.agreements.find(url.searchParams.get('agreement_no') ?? '')
  const known =
    external_agreement_no === undefined ? undefined : platform.agreements.findByExternalNo(external_agreement_no)
  const agreement = named?.terms === signing ? named : known
  if (!agreement) return signPage(signing, `${signPath(signing)}/agree`, platform)
  return signedPage(agreement, walletPath(agreement), signedAgreementReturn(agreement, platform))
}

function answerManaging(
  agreement: Agreement | undefined,
  step: string,
  { method }: Incoming,
  platform: Platform,
): Reply {
  if (!agreement) return noSuchPage()
  if (method === 'GET' && step === '') return walletPage(agreement, platform)
  if (method !== 'POST' || step !== 'unsign') return noSuchPage()
  if (!isInForce(agreement, platform.clock.now())) {
    return refusedPage(new Refusal('AGREEMENT_HAS_UNSIGNED'), walletPath(agreement), NO_UNSIGNING)
  }
  unsignAgreement(agreement, 'buyer', platform)
  return redirect(303, walletPath(agreement))
}
