// What the shop is started with: its address, its secret, its model and its items; and what is wrong with that.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const ITEMS = fileURLToPath(new URL('items.json', import.meta.url))
const LEAST_SECRET = 32
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)$/

export const isOnThisComputer = (hostname) => LOOPBACK.test(hostname)

/** @returns settings, or `fault`: the key of the words that say what is wrong */
export function readSettings(env, args) {
  const { SHOP_HOST: host = '127.0.0.1', SHOP_PORT: port = '8640', SHOP_ORIGIN, SHOP_SECRET } = env
  const isScripted = !env.OPENAI_API_KEY && !env.OPENAI_BASE_URL
  if (!existsSync(MAIN)) return { fault: 'notBuilt' }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { fault: 'badPort' }
  if (SHOP_ORIGIN !== undefined && !isOrigin(SHOP_ORIGIN)) return { fault: 'badOrigin' }
  if (SHOP_ORIGIN === undefined && !isOnThisComputer(host)) return { fault: 'noOrigin' }
  if (SHOP_SECRET !== undefined && SHOP_SECRET.length < LEAST_SECRET) return { fault: 'badSecret' }
  if (isScripted && args.length > 0) return { fault: 'noSettings' }
  if (!isScripted && !env.OPENAI_MODEL) return { fault: 'noModelName' }
  return {
    ...{ host, port: Number(port), origin: SHOP_ORIGIN, isScripted },
    secret: SHOP_SECRET ?? randomBytes(32),
    model: { name: env.OPENAI_MODEL, key: env.OPENAI_API_KEY || 'none', address: env.OPENAI_BASE_URL },
    alipay: isScripted ? demoServer(env) : ownServer(env, args),
  }
}

function isOrigin(text) {
  return URL.canParse(text) && new URL(text).origin === text
}

/** Buyers sit in this chat, whatever else is set. */
const ROLE = { ALIPAY_ROLE: 'buyer' }

/** No setting of yours where a script gives the answers. */
function demoServer(env) {
  const passed = without(/^(ALIPAY|OPENAI|SHOP)_/, env)
  const own = { ALIPAY_ITEMS_FILE: ITEMS, ALIPAY_TOOLSETS: 'payments,subscriptions' }
  return { command: [MAIN, 'serve', '--no-settings-file'], env: { ...passed, ...ROLE, ...own } }
}

/** The server never sees the key of the model, nor the secret of the cookies. */
function ownServer(env, args) {
  const passed = without(/^(OPENAI|SHOP)_/, env)
  // A settings file that is named with --dotenv names its items, too.
  const items = args.length > 0 ? {} : { ALIPAY_ITEMS_FILE: ITEMS }
  return { command: [MAIN, 'serve', ...args], env: { ...items, ...passed, ...ROLE } }
}

function without(names, env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.test(name)))
}
