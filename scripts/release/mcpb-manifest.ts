// The manifest of the .mcpb bundle: what Claude Desktop asks of the user, and how it starts the server.
import type { McpbManifestAny } from '@anthropic-ai/mcpb'
import type { Name } from '../../src/settings/variables.ts'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import type { PackageJson } from './package-json.ts'
import { aboutAlone, isSecret, kindOf } from './variables.ts'

/** What a merchant at a desktop may have to set, in the order of the form; the form has no second language. */
const FIELDS: Readonly<Partial<Record<Name, string>>> = {
  ALIPAY_ENV: 'Environment 环境',
  ALIPAY_APP_ID: 'APPID 应用编号',
  ALIPAY_PRIVATE_KEY_FILE: "File with the application's private key 应用私钥文件",
  ALIPAY_PRIVATE_KEY: "Application's private key 应用私钥, in place of its file",
  ALIPAY_PUBLIC_KEY_FILE: "File with Alipay's public key 支付宝公钥文件",
  ALIPAY_PUBLIC_KEY: "Alipay's public key 支付宝公钥, in place of its file",
  ALIPAY_APP_CERT_FILE: "Application's certificate 应用公钥证书",
  ALIPAY_PUBLIC_CERT_FILE: "Alipay's certificate 支付宝公钥证书",
  ALIPAY_ROOT_CERT_FILE: "Alipay's root certificates 支付宝根证书",
  ALIPAY_SELLER_ID: 'Merchant id 商家 PID',
  ALIPAY_MAX_PAYMENT: 'Most for one order, yuan 单笔收款上限（元）',
  ALIPAY_DAILY_PAYMENTS: 'Most for the orders of a day, yuan 每日收款上限（元）',
  ALIPAY_MAX_REFUND: 'Most for one refund, yuan 单笔退款上限（元）',
  ALIPAY_DAILY_REFUNDS: 'Most for the refunds of a day, yuan 每日退款上限（元）',
  ALIPAY_REFUND_APPROVAL: 'Who approves refunds 谁同意退款',
  ALIPAY_APPROVE_ABOVE: 'Ask about refunds from, yuan 多少元起询问退款',
  ALIPAY_PUBLIC_URL: 'Public address of "alipay-mcp listen" 付款页的公网地址',
  ALIPAY_READ_ONLY: 'Read-only 只读',
  ALIPAY_DATA_DIR: 'Folder of the ledger 账本文件夹',
}

const NAMES = Object.keys(FIELDS) as Name[]
const MAIN = 'dist/main.js'
const fieldName = (name: Name) => name.replace('ALIPAY_', '').toLowerCase()

export function mcpbManifest(manifest: PackageJson): McpbManifestAny {
  const { name, version, description, keywords, license, engines, author, homepage, bugs, repository } = manifest
  return {
    manifest_version: '0.3',
    name,
    display_name: 'Alipay 支付宝',
    version,
    description,
    author: author ?? { name: 'The alipay-mcp authors' },
    ...(repository && { repository }),
    ...(homepage && { homepage }),
    ...(bugs && { support: bugs.url }),
    server: {
      type: 'node',
      entry_point: MAIN,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${MAIN}`],
        env: Object.fromEntries(NAMES.map((one) => [one, `\${user_config.${fieldName(one)}}`])),
      },
    },
    tools: MERCHANT_TOOLS.map((tool) => ({ name: tool.name, description: firstSentence(tool.description) })),
    // A shop's items bring more, read-only settings fewer.
    tools_generated: true,
    prompts_generated: true,
    keywords: [...keywords],
    license,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
    user_config: Object.fromEntries(NAMES.map((one) => [fieldName(one), field(one)])),
  }
}

/** None is required: without any the server runs on the emulator. None has a default, which would hide a settings file. */
function field(name: Name) {
  const kind = kindOf(name)
  const { en, zh } = aboutAlone(name)
  return {
    type: kind === 'text' ? ('string' as const) : kind,
    title: FIELDS[name] ?? name,
    description: `${en}\n${zh}`,
    required: false,
    ...(isSecret(name) && { sensitive: true }),
  }
}

const firstSentence = (text: string) => /^.*?[.](?= |$)/.exec(text)?.[0] ?? text
