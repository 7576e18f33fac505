// The settings as help shows them: in groups, and each in Chinese too.
import type { Both } from '../../language.ts'
import type { Name } from '../../settings/variables.ts'

export const SETTING_GROUPS: readonly { title: Both; names: readonly Name[] }[] = [
  {
    title: { en: 'Account and keys', zh: '应用与密钥' },
    names: [
      'ALIPAY_ENV',
      'ALIPAY_APP_ID',
      'ALIPAY_PRIVATE_KEY',
      'ALIPAY_PRIVATE_KEY_FILE',
      'ALIPAY_PUBLIC_KEY',
      'ALIPAY_PUBLIC_KEY_FILE',
      'ALIPAY_APP_CERT_FILE',
      'ALIPAY_PUBLIC_CERT_FILE',
      'ALIPAY_ROOT_CERT_FILE',
      'ALIPAY_APP_AUTH_TOKEN',
      'ALIPAY_SELLER_ID',
    ],
  },
  {
    title: { en: 'Taking payments', zh: '收款' },
    names: ['ALIPAY_CHANNELS', 'ALIPAY_QR_PRODUCT_CODE', 'ALIPAY_RETURN_URL'],
  },
  {
    title: { en: 'Notifications and alerts', zh: '异步通知与提醒' },
    names: [
      'ALIPAY_PUBLIC_URL',
      'ALIPAY_PAYEE',
      'ALIPAY_LISTEN',
      'ALIPAY_TRUSTED_PROXIES',
      'ALIPAY_NOTIFY_APPS',
      'ALIPAY_NOTIFY_URL',
      'ALIPAY_FORWARD_URL',
      'ALIPAY_ALERT_URL',
      'ALIPAY_ALERT_SECRET',
      'ALIPAY_ALERT_ON',
    ],
  },
  {
    title: { en: 'Limits', zh: '限额' },
    names: [
      'ALIPAY_MAX_PAYMENT',
      'ALIPAY_DAILY_PAYMENTS',
      'ALIPAY_MAX_REFUND',
      'ALIPAY_DAILY_REFUNDS',
      'ALIPAY_DAILY_CHARGES',
      'ALIPAY_REFUND_WINDOW_DAYS',
      'ALIPAY_MAX_CALLS_PER_MINUTE',
    ],
  },
  {
    title: { en: 'Who may do what', zh: '权限与确认' },
    names: ['ALIPAY_READ_ONLY', 'ALIPAY_TOOLS', 'ALIPAY_TOOLSETS', 'ALIPAY_REFUND_APPROVAL', 'ALIPAY_APPROVE_ABOVE'],
  },
  {
    title: { en: 'A shop whose buyers are in the chat', zh: '买家在对话里的商店' },
    names: [
      'ALIPAY_ROLE',
      'ALIPAY_ITEMS_FILE',
      'ALIPAY_SINGLE_BUYER',
      'ALIPAY_BUYER_OPEN_ORDERS',
      'ALIPAY_BUYER_ORDERS_PER_HOUR',
      'ALIPAY_OPEN_ORDERS',
      'ALIPAY_BUYER_DAILY_REFUNDS',
      'ALIPAY_DELIVERY_SECRET_FILE',
    ],
  },
  {
    title: { en: 'Subscriptions', zh: '订阅' },
    names: [
      'ALIPAY_SUBSCRIPTIONS',
      'ALIPAY_SUBSCRIPTION_PRODUCT',
      'ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT',
      'ALIPAY_SUBSCRIPTION_SCENE',
    ],
  },
  { title: { en: 'Ledger', zh: '账本' }, names: ['ALIPAY_DATA_DIR', 'ALIPAY_RETENTION_DAYS'] },
  {
    title: { en: 'Network and emulator', zh: '网络与模拟器' },
    names: ['ALIPAY_GATEWAY', 'ALIPAY_TIMEOUT_MS', 'ALIPAY_EMULATOR_PORT'],
  },
]

export const SETTINGS_IN_CHINESE: Readonly<Record<Name, string>> = {
  ALIPAY_ENV:
    'local（内置模拟器）、sandbox（支付宝沙箱）或 production（真实资金）。默认：没有密钥时为 local，有密钥时为 sandbox。',
  ALIPAY_APP_ID: '应用的 APPID，16 位。',
  ALIPAY_PRIVATE_KEY: '应用私钥，PKCS#1 或 PKCS#8，PEM 或 base64。也可以用文件：',
  ALIPAY_PRIVATE_KEY_FILE: '应用私钥文件。',
  ALIPAY_PUBLIC_KEY: '支付宝公钥（不是应用公钥）。每个响应都用它验签。',
  ALIPAY_PUBLIC_KEY_FILE: '支付宝公钥文件。',
  ALIPAY_APP_CERT_FILE: '公钥证书模式，代替支付宝公钥：应用公钥证书文件（appCertPublicKey_....crt），',
  ALIPAY_PUBLIC_CERT_FILE: '支付宝公钥证书文件（alipayCertPublicKey_RSA2.crt），',
  ALIPAY_ROOT_CERT_FILE: '支付宝根证书文件（alipayRootCert.crt）。三个都要配置，或者都不配置。',
  ALIPAY_APP_AUTH_TOKEN: '服务商代商家调用时的 app_auth_token；自有应用不用配置。',
  ALIPAY_SELLER_ID:
    '商家 PID，2088 开头的 16 位数字；账本归属于它。所有服务器填同一个值；填写之前创建的订单会归到它名下（以首个填写后启动的应用为准）。正式环境没有它不能退款。',
  ALIPAY_PUBLIC_URL:
    'alipay-mcp listen 的公网地址，位于你的 HTTPS 反向代理之后，例如 https://pay.example.com：订单在这里有短链接，支付宝也把付款和退款通知到这里。http://127.0.0.1:8421 供坐在这台电脑前的买家使用。',
  ALIPAY_PAYEE: '付款页上的收款方信息：JSON，含 name，可加 licence、contact、icp、refund_policy。默认：不写名称。',
  ALIPAY_TRUSTED_PROXIES:
    '供 alipay-mcp listen 使用，你的反向代理地址，例如 127.0.0.1,10.0.0.0/8：其 X-Forwarded-For 的最后一个地址就是访问者。默认：没有。',
  ALIPAY_LISTEN: 'alipay-mcp listen 接收反向代理转发的地址：IP 和端口。默认：127.0.0.1:8421。',
  ALIPAY_NOTIFY_APPS:
    '供 alipay-mcp listen 使用，同一商家的其他应用：APPID=文件（该应用的支付宝公钥，写绝对路径），用逗号分隔。',
  ALIPAY_FORWARD_URL:
    '供 alipay-mcp listen 使用，你自己系统的通知地址：每条真实的通知原样转发过去，支付宝得到的是它的响应。',
  ALIPAY_ALERT_URL:
    'alipay-mcp listen 把需要人知道的事发到这里：钉钉、企业微信、飞书机器人的地址，或你自己的系统（收到 JSON）。这个地址是秘密。',
  ALIPAY_ALERT_SECRET: '该机器人的加签密钥，没有则不填。',
  ALIPAY_ALERT_ON: 'problems：只发异常；payments：每笔付款也发。默认：problems。',
  ALIPAY_NOTIFY_URL:
    '异步通知的另一个公网地址，作为 notify_url 随订单发给支付宝：由你自己的系统接收并验签，alipay-mcp listen 收不到通知。',
  ALIPAY_RETURN_URL: '付款后买家浏览器返回的地址。',
  ALIPAY_GATEWAY: '自定义网关地址。本机地址视为 local；不是支付宝的 https 地址按 production 处理。',
  ALIPAY_TIMEOUT_MS:
    '单次 HTTP 请求的超时时间（毫秒），100 到 25000：宿主程序在 60 秒时中断调用，而有的调用要请求两次。',
  ALIPAY_CHANNELS:
    '可提供的付款方式，第一个为默认：page（电脑网页）、mobile（手机浏览器）、qr（支付宝扫码）。默认：page,mobile；在 local 为 page,mobile,qr。',
  ALIPAY_QR_PRODUCT_CODE: 'qr 使用的产品：QR_CODE_OFFLINE（订单码）或 FACE_TO_FACE_PAYMENT（当面付）。',
  ALIPAY_TOOLS: '只提供这些工具，用逗号分隔。默认：全部。',
  ALIPAY_TOOLSETS:
    '提供哪些工具，用逗号分隔：payments（收款）、subscriptions（订阅，见 docs/subscriptions.md）。默认：payments。',
  ALIPAY_READ_ONLY: 'true：只提供只读的工具；作为参数使用时不带值。',
  ALIPAY_ROLE:
    '对话里坐的是谁：merchant 商家，或 buyer 买家（商店的顾客与助手对话）。两种角色的工具不要放进同一个模型。默认：merchant。',
  ALIPAY_ITEMS_FILE: '商品文件（JSON）：卖什么、多少钱、怎样交付和退款，以及订阅方案；docs/shop.md 有完整示例。',
  ALIPAY_SINGLE_BUYER:
    'true：对话里始终是同一个买家，重启后也一样。否则由模型外的程序在每次请求的 _meta["alipay-mcp/buyer"] 里写明买家。',
  ALIPAY_BUYER_OPEN_ORDERS: '一个买家同时最多有几笔待付款订单，1 到 1000。默认：3。',
  ALIPAY_BUYER_ORDERS_PER_HOUR: '一个买家一小时内最多下几笔订单，1 到 10000。默认：10。',
  ALIPAY_OPEN_ORDERS: '全部买家同时最多有几笔待付款订单，1 到 100000。默认：500。',
  ALIPAY_BUYER_DAILY_REFUNDS: '一个买家一天（北京时间）按商品规则自动退款的上限（元）。默认：100.00。',
  ALIPAY_DELIVERY_SECRET_FILE: '回调（交付、续费提醒）的签名密钥文件。',
  ALIPAY_SUBSCRIPTIONS: 'enabled：正式环境也提供订阅；没有它，正式环境拒绝订阅，因为没有在支付宝实测过。',
  ALIPAY_SUBSCRIPTION_PRODUCT:
    '签约的产品：GENERAL_WITHHOLDING（商家扣款）或 CYCLE_PAY_AUTH（周期扣款）。默认：没有；使用内置模拟器时为 GENERAL_WITHHOLDING。',
  ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT:
    'personal_product_code；只有带周期规则的协议才有计划扣款日。默认：CYCLE_PAY_AUTH_P。',
  ALIPAY_SUBSCRIPTION_SCENE:
    '签约的 sign_scene，例如 INDUSTRY|DIGITAL_MEDIA。默认：没有；使用内置模拟器时为 INDUSTRY|DEFAULT_SCENE。',
  ALIPAY_MAX_PAYMENT: '单笔订单的最高金额，以元为单位，例如 99.50。默认：只受支付宝限制。',
  ALIPAY_MAX_REFUND: '单笔退款的最高金额，以元为单位。正式环境没有它不能退款。',
  ALIPAY_DAILY_PAYMENTS: '每天（北京时间）创建的订单总金额上限，以元为单位。',
  ALIPAY_DAILY_REFUNDS: '每天（北京时间）退款总额上限，以元为单位。正式环境没有它不能退款。',
  ALIPAY_DAILY_CHARGES: '每天（北京时间）订阅扣款总额上限，以元为单位。',
  ALIPAY_REFUND_WINDOW_DAYS: '付款后多少天内可以在这里退款，1 到 365。默认：以支付宝允许的为准。',
  ALIPAY_MAX_CALLS_PER_MINUTE: '每分钟工具调用次数上限，0 到 10000；0 表示不限。默认：120。',
  ALIPAY_REFUND_APPROVAL:
    '谁同意退款：chat（对话中的人就是商家或员工）、operator（对话之外：alipay-mcp approvals，或浏览器里的页面）或 none。默认：chat；正式环境没有它不能退款。',
  ALIPAY_APPROVE_ABOVE:
    '未经询问的退款（含这一笔），本订单的和当天的加在一起低于这个金额（元）时，不询问。默认：每笔都询问。',
  ALIPAY_DATA_DIR: '账本文件夹，绝对路径。默认：系统的数据文件夹；在 local 账本在内存里。',
  ALIPAY_RETENTION_DAYS:
    '多少天以前的订单（已付款的也包括）从账本删除，30 到 3650；待付款、结果未知或近期退款的不删除。默认：从不。',
  ALIPAY_EMULATOR_PORT: 'local 内置模拟器的端口；0 使用空闲端口。',
}
