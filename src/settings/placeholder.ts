// Values that stand for a value: `${NAME}` as a host left it, `$NAME`, `<your-key>`; they count as not set.
import { quotePath } from './named-file.ts'

const PLACEHOLDER = `holds a placeholder like \${NAME} that the host did not replace, so it counts as not set.`

/** What a value is that stands for another one, and what to do about it. */
export function describePlaceholder(value: string | undefined): { problem: string; fix?: string } {
  const text = value?.trim() ?? ''
  if (!isLeftExample(text)) return { problem: PLACEHOLDER }
  const isPath = /^(~|[A-Za-z]:)?[\\/]/.test(text)
  const what = isPath ? `path ${quotePath(text)}` : `value ${quoteValue(text)}`
  const fix = `give ${isPath ? 'the path of your own file or folder' : 'your own value'} in its place.`
  return { problem: `still holds the example ${what}, so it counts as not set.`, fix }
}

/** Of a setting that is optional, hosts leave this when nobody filled it in. */
export const isLeftByHost = (value: string | undefined) => /^\$\{.*\}$/.test(value?.trim() ?? '')

export function isPlaceholder(value: string | undefined): boolean {
  const text = value?.trim() ?? ''
  // Most settings are not set, and all are looked at: a start is 3 % shorter.
  return text !== '' && (isVariableText(text) || isLeftExample(text))
}

// Longer than any example, and keys are not to be searched.
const isVariableText = (text: string) =>
  isLeftByHost(text) || (text !== '' && text.length <= LONGEST && (isVariable(text) || hasVariable(text)))

const isLeftExample = (text: string) => text.length <= LONGEST && isExample(text) && !isVariableText(text)

/** Of other variables than ours only what a host leaves is looked for: an environment has many, and each is read at the start. */
export function isUnfilled(name: string, value: string | undefined): boolean {
  return /^(ALIPAY|AP)_/.test(name) ? isPlaceholder(value) : isLeftByHost(value)
}

const LONGEST = 500

const any =
  (...patterns: readonly RegExp[]) =>
  (text: string) =>
    patterns.some((pattern) => pattern.test(text))

/** A variable of a shell, a template, a program or a store of secrets, and nothing else. */
const isVariable = any(
  /^\$+\(.*\)$/,
  /^%%?[A-Za-z_][\w.() -]*%%?$/,
  /^\{%.*%\}$/,
  /^#\{.*\}#?$/,
  /^\[\[.*\]\]$/,
  /^[[{][ ]?[A-Z][A-Z0-9_. -]{2,}[\]}]$/,
  /^@@?[A-Z][A-Z0-9_.]*@@?$/,
  /^__[A-Z][A-Z0-9_]*__$/,
  /^`.*`$/,
  /^(process\.|import\.meta\.)?env(iron)?[.:[(]/i,
  /^(os\.|System\.|std::)?(environ|getenv|env)[.[(]/i,
  /^(env|op|vault|ssm|secret|secrets|secretref|keyvault|awssm|gcp|aws|bws|doppler|infisical)(:|\.[A-Z])/,
)

/** One of them somewhere in a text, such as the beginning of a path. */
function hasVariable(text: string): boolean {
  return VARIABLE_INSIDE(text) || hasPercentName(text)
}

const VARIABLE_INSIDE = any(
  /\$\{[^}]*\}/,
  /\{\{[^}]*\}\}/,
  /(^|[\\/:=@])\$+(env:)?(?!Recycle)[A-Za-z_]\w*\$?(?=[\\/.:@?]|$)/i,
  /(^|[\\/])![A-Za-z_]\w*!(?=[\\/]|$)/,
)

/** `%NAME%`, which is no code of an address: there figures stand behind each %. */
function hasPercentName(text: string): boolean {
  return [...text.matchAll(/%([A-Za-z_]\w*)%(..)?/g)].some(
    ([, name = '', behind = '']) => !/^[0-9a-f]{2}/i.test(name) || !/^[0-9a-f]{2}$/i.test(behind),
  )
}

const THING = '(app|application|merchant|seller|private|public|secret|api|rsa2?|alipay|ali)?[-_ ]?'
const WHAT = '(id|key|pid|token|secret|url|path|file|value|domain|name|string)'

/** What somebody was to write something else for. */
const isExample = (text: string) => isExampleText(text) || (text.length <= 200 && /<[^<>/][^<>]*>/.test(text))

const isExampleText = any(
  /^([xX]{3,}|\*{3,}|\.{3,}|…+|-{3,}|_{3,}|[?？]{2,}|#{3,})$/,
  /^(todo|tbd|fixme|changeit|placeholder|example|dummy|undefined|null|n\/a|\[object object\])\W*$/i,
  /^(change|replace|fill|insert|enter|paste|put|type|add|edit)[-_ ]?(me|this|it|in)\b/i,
  /^(change|replace|fill|insert|enter|paste|put|type|add|edit)[-_ ]\S*.*(your|here|the|key|id|with)/i,
  /^(the[-_ ]|this[-_ ]is[-_ ])?your[-_ ]?[a-z][^\\/]*$/i,
  /^[^\\/]{2,60}[-_ ](goes[-_ ])?here\W*$/i,
  new RegExp(`^(?!${WHAT}$)(my|test|sample|example|dummy|fake|some|alipay|the)?[-_ ]?${THING}${THING}${WHAT}$`, 'i'),
  /^\d{0,14}[xX*]{3,}\d{0,14}$/,
  /^[A-Za-z0-9+/]{0,80}(\.{3,}|…+|\*{3,}|[xX]{6,})[A-Za-z0-9+/=]{0,80}$/,
  /^-+BEGIN[^-]*-+(\\n|\s)*(\.{2,}|…+|\*{3,}|[xX]{3,}|your\b[^-]*|\p{Script=Han}[^-]*|[^-]*\bhere|)(\\n|\s)*-+END/iu,
  /(^|[\\/])path[\\/]to([\\/]|$)/i,
  /[\\/]your[-_ ]?(user|username|name|user[-_ ]name|path|folder|home|app|project|key)(?=[\\/.]|$)/i,
  /^https?:\/\/([\w-]+\.)*your[-_]?(own[-_]?)?(domain|site|server|host|company|website|shop|app|name|url|address)\b/i,
  /^https?:\/\/(xxx+|\.\.\.|…)/i,
  /^[《【「『].*[》】」』]$/,
  /^(你|您|我)的/,
  /^(请|在此|在这里|此处|这里|这儿|把|将).{0,30}(填|写|输入|粘贴|替换|换成|改)/,
  /^(填|填写|填入|输入|粘贴|替换|换成|改成|占位)/,
  /^[^\\/.A-Za-z]{0,12}(应用|支付宝|商户|商家|开发者)?(私钥|公钥|密钥|应用ID|APPID|编号|账号|令牌|授权码|地址|路径|域名)[^\\/.A-Za-z0-9]{0,12}$/i,
)

/** A value fit to be shown: a long one may be a key in the wrong place. */
export const quoteValue = (value: string) =>
  value.length <= 24 ? JSON.stringify(value) : `a text of ${value.length} characters`
