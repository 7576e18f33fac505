// What is said of the settings of `listen`, in Chinese: {} stands for what differs.

/** English, as src/settings and src/cli/listen.ts say it -> Chinese. */
export const LISTEN_PHRASES: readonly (readonly [en: string, zh: string])[] = [
  [
    'is not set: the built-in emulator and its ledger end with the server that runs them.',
    '未设置：内置模拟器和它的账本会随运行它的服务器一起结束。',
  ],
  [
    'run "{}", set ALIPAY_GATEWAY and the rest as it prints, and ALIPAY_DATA_DIR to a folder, here and for the server.',
    '请运行 {}，按它的输出设置 ALIPAY_GATEWAY 等，并把 ALIPAY_DATA_DIR 设为一个文件夹；这里和服务器都这样设置。',
  ],
  [
    'set it to the merchant id (PID), so that only notifications for this merchant are taken.',
    '请填商家的 PID，这样只接收这个商家的通知。',
  ],
  [
    'set it to the address under which your HTTPS proxy leads here, such as https://pay.example.com.',
    '请填你的 HTTPS 反向代理指向这里的地址，例如 https://pay.example.com。',
  ],
  ['holds {}, which leads to no public key.', '里的 {} 找不到公钥。'],
  [
    "use APPID=FILE, joined by commas, each file with Alipay's public key 支付宝公钥 for that app.",
    '请写 APPID=文件，用逗号分隔，每个文件里是该应用的支付宝公钥。',
  ],
  ['give the address without them.', '请去掉它们。'],
  ['give an IP address and a port, such as 127.0.0.1:8421.', '请填 IP 和端口，例如 127.0.0.1:8421。'],
  [
    'is set, so Alipay notifies that address, and not ALIPAY_PUBLIC_URL.',
    '已设置，因此支付宝通知那个地址，而不是 ALIPAY_PUBLIC_URL。',
  ],
  ['remove it if "{}" is to get the notifications.', '要让 {} 收到通知，请删掉它。'],
  ['is set, and the half that faces the internet must not hold it.', '已设置，而面向公网的部分不能持有它。'],
  [
    'give --front settings without it; or run listen without --front, which leaves it out by itself.',
    '请给 --front 一份没有它的配置；或不加 --front 运行 listen，它会自动去掉。',
  ],
  ['{} is in use already.', '{} 已被占用。'],
  ['{} cannot be used ({}).', '{} 不能使用（{}）。'],
  [
    'end the program that uses it, or give another port: ALIPAY_LISTEN for notifications, --health-port for health.',
    '请结束占用它的程序，或换一个端口：通知用 ALIPAY_LISTEN，健康检查用 --health-port。',
  ],
  [
    'is set, so buyers return to that address after paying, and not to the page of their order.',
    '已设置，因此买家付款后回到那个地址，而不是订单的付款页。',
  ],
  ['remove it if they are to come back to their page.', '要让买家回到付款页，请删掉它。'],
  ['has no fitting {}.', '里没有合适的 {}。'],
  ['holds {}, which it does not have.', '里有 {}，没有这一项。'],
  [
    'give JSON such as {"name":"...","licence":"...","contact":"...","icp":"...","refund_policy":"..."}; only name is required.',
    '请填 JSON，例如 {"name":"...","licence":"...","contact":"...","icp":"...","refund_policy":"..."}；只有 name 必填。',
  ],
  ['holds {}, which is no address.', '里的 {} 不是地址。'],
  ['use IP addresses or networks such as 127.0.0.1,10.0.0.0/8.', '请填 IP 地址或网段，例如 127.0.0.1,10.0.0.0/8。'],
  ['has two slashes in its path.', '的路径里有两个连续的斜杠。'],
  ['give the address with single ones.', '请改成单个斜杠。'],
  [
    'has no effect with the built-in emulator, whose server serves the pages of its orders itself.',
    '对内置模拟器不起作用：付款页由服务器自己提供。',
  ],
  ['remove it, or set the credentials of an app.', '请删掉它，或配置一个应用的凭据。'],
  ['has no effect without ALIPAY_ALERT_URL.', '没有 ALIPAY_ALERT_URL 时不起作用。'],
  ['set ALIPAY_ALERT_URL, or remove it.', '请填写 ALIPAY_ALERT_URL，或删掉它。'],
]
