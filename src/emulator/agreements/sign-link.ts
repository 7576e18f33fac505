// The forms in which a buyer meets a sign link: the gateway's address itself, and the addresses that open Alipay on a phone.

const SCHEME = /^alipays:\/\/platformapi\/startapp\?/i
/** The app inside Alipay that signs: it takes the signed parameters alone. */
const SIGNING_APP = '60000157'
/** Its browser, which opens a whole address. */
const BROWSER_APP = '20000067'

/** The link to the gateway behind it; undefined for what leads elsewhere. */
export function signLinkIn(text: string, origin: string): URL | undefined {
  if (!SCHEME.test(text)) return linkTo(text, origin)
  const params = new URLSearchParams(text.slice(text.indexOf('?') + 1))
  const app = params.get('appId') ?? params.get('appid')
  if (app === SIGNING_APP) return linkTo(`${origin}/gateway.do?${params.get('sign_params') ?? ''}`, origin)
  return app === BROWSER_APP ? linkTo(params.get('url') ?? '', origin) : undefined
}

function linkTo(text: string, origin: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.origin === origin && url.pathname === '/gateway.do' ? url : undefined
}
