// In Chinese, what to put right for each setting: configuration problems carry their fix in English only.

import { NAMES, type Name } from '../settings/variables.ts'
import { inChinese } from './chinese/in-chinese.ts'

const PRIVATE_KEY =
  '填完整的应用私钥（「支付宝开放平台密钥工具」生成的 RSA2 2048 位密钥；不是公钥，也不是证书），或用 ALIPAY_PRIVATE_KEY_FILE 给出私钥文件的完整路径。'
const PUBLIC_KEY =
  '在控制台应用的「接口加签方式」里复制「支付宝公钥」（不是应用公钥），或用 ALIPAY_PUBLIC_KEY_FILE 给出它的文件的完整路径。'
const CERTIFICATES =
  '公钥证书模式要同一个应用的三个证书文件（应用公钥证书、支付宝公钥证书、支付宝根证书），在「接口加签方式」下载；否则一个都不要设置。'
const ENVIRONMENT =
  '让 ALIPAY_ENV 与 ALIPAY_GATEWAY 一致：沙箱用 sandbox，正式环境用 production；一般删掉 ALIPAY_GATEWAY 即可。'

const FIXES: Readonly<Record<string, string>> = {
  ALIPAY_ENV: ENVIRONMENT,
  ALIPAY_GATEWAY:
    '一般删掉 ALIPAY_GATEWAY 即可；要写时用以 https:// 开头、到 gateway.do 为止的完整地址，并与 ALIPAY_ENV 一致。',
  ALIPAY_APP_ID: '在 open.alipay.com 控制台（沙箱应用在「沙箱」页）复制 APPID，只有数字，一般 16 位。',
  ALIPAY_PRIVATE_KEY: PRIVATE_KEY,
  ALIPAY_PRIVATE_KEY_FILE: PRIVATE_KEY,
  ALIPAY_PUBLIC_KEY: PUBLIC_KEY,
  ALIPAY_PUBLIC_KEY_FILE: PUBLIC_KEY,
  ALIPAY_APP_CERT_FILE: CERTIFICATES,
  ALIPAY_PUBLIC_CERT_FILE: CERTIFICATES,
  ALIPAY_ROOT_CERT_FILE: CERTIFICATES,
  ALIPAY_NOTIFY_URL: '填支付宝能从公网访问的完整 https 地址（例如内网穿透工具给的地址）；不需要异步通知时删掉它。',
  ALIPAY_EMULATOR_PORT: '换一个空闲端口，或设为 0。',
  HTTPS_PROXY: '写成 http://主机:端口，或用 NO_PROXY 让支付宝网关直连。',
  '--config': '检查文件的路径和那一行的 JSON 写法（引号、逗号、括号）。',
  '--dotenv': '检查文件的路径和那一行，每行写成 名称=值。',
  'settings file': '检查这个 JSON 配置文件的写法和权限，或把它删掉。',
}

/** @param written the name under which somebody set it */
export function chineseFix(name: string, written: string, fix: string): string {
  if (fix.startsWith('chmod ')) return `让别的用户不能读：${fix}`
  const special = Object.hasOwn(FIXES, name) ? FIXES[name] : undefined
  if (special) return special
  const translated = inChinese(fix)
  if (translated !== fix) return translated
  const isOurs = (text: string): text is Name => NAMES.includes(text)
  return `修改 ${written}；可用的值见 alipay-mcp help settings${isOurs(name) ? ` 里的 ${name}` : ''}。`
}
