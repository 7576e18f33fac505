// What to put right about a setting or the ledger, in Chinese: {} stands for what differs.

/** English, as src/settings and src/ledger say it -> Chinese. */
export const FIX_PHRASES: readonly (readonly [en: string, zh: string])[] = [
  ['use one of {}.', '可用的值：{}。'],
  ['use a comma list of {}.', '用逗号分隔，可用的值：{}。'],
  ['use a whole number from {} to {}.', '填 {} 到 {} 的整数。'],
  ['use true or false.', '填 true 或 false。'],
  ['use prod or sandbox.', '填 prod 或 sandbox。'],
  ['use RSA2, the only one here; in the console change the app to it.', '只支持 RSA2；请在控制台把应用改为 RSA2。'],
  [
    'copy the "env" of the one that is meant into a file of its own, and import that.',
    '把要用的那个服务器的 "env" 复制到单独的文件里，再导入该文件。',
  ],
  ['use all, or some of {}.', '填 all，或其中几个：{}。'],
  ['use a shorter one.', '请换一个更短的。'],
  ['give a full address such as https://host/path.', '填完整地址，例如 https://host/path。'],
  ['remove them from the address.', '请从地址里删掉。'],
  ['remove it.', '请删掉。'],
  ['rename it to {}.', '请改名为 {}。'],
  ['rename {} to {}.', '请把 {} 改名为 {}。'],
  ['if it was meant for this server, rename it to {}.', '如果是给本服务器的，请改名为 {}。'],
  ['{} is the nearest; rename it or remove it (see {}).', '最接近的是 {}；请改名或删掉（见 {}）。'],
  ["this is a host's settings file; give one of this server's.", '这是宿主程序的配置文件；请给出本服务器的配置文件。'],
  ['write its value in double quotes.', '把值写在双引号里。'],
  ['set {} itself, or remove it.', '请直接设置 {}，或删掉它。'],
  ['see {}.', '见 {}。'],
  ['chmod 600 {}', '不让其他用户读取：chmod 600 {}'],
  ['fill the file, or leave {} out to use the built-in emulator.', '在文件里填写配置，或不用 {}，改用内置模拟器。'],
  ['see the example in docs/settings.md.', '见 docs/settings.zh-CN.md 里的示例。'],
  ['keep one of the two.', '请只保留一个。'],
  ['keep the one that is meant.', '请只保留要用的那一个。'],
  ['set AP_CURRENT_ENV=prod for real money, or sandbox to stay.', '真实收款设为 prod，继续用沙箱设为 sandbox。'],
  ['correct the path: {}.', '请改正路径：{}。'],
  [
    'give its full path, without ~, since hosts start the server in another folder',
    '写完整路径，不要用 ~，因为宿主程序在别的文件夹启动本服务器',
  ],
  [
    'give its full path, without ~, since hosts start the server in another folder.',
    '写完整路径，不要用 ~，因为宿主程序在别的文件夹启动本服务器。',
  ],
  [
    'give the full path of a folder, without ~, since hosts start the server in another folder.',
    '写文件夹的完整路径，不要用 ~，因为宿主程序在别的文件夹启动本服务器。',
  ],
  ['name a plain file that is there and that this user can read', '请填一个存在、当前用户可读的普通文件'],
  ['name a plain file that is there and that this user can read.', '请填一个存在、当前用户可读的普通文件。'],
  ['give the full path, which hosts find too: {}.', '请写完整路径，宿主程序也能找到：{}。'],
  [
    'write / or \\\\ for each \\ of the path, since in JSON and in double quotes \\n is the end of a line and \\t a tab',
    '路径里的每个 \\ 写成 / 或 \\\\：在 JSON 和双引号里，\\n 表示换行，\\t 表示制表符',
  ],
  [
    'this is a path of Windows, and this is another system; in WSL C:\\ is /mnt/c/',
    '这是 Windows 路径，而本机不是 Windows；在 WSL 里 C:\\ 是 /mnt/c/',
  ],
  ['{}; a key itself belongs into {}.', '{}；密钥本身请填到 {}。'],
  ['move it to {}, or give the path of a file.', '请移到 {}，或填文件的路径。'],
  ['save it as a file, and give the path of that.', '请存成文件，再填文件的路径。'],
  [
    'put a key of several lines into double quotes, or on one line with \\n for its line ends.',
    '多行的密钥放在双引号里，或写成一行、用 \\n 表示换行。',
  ],
  [
    'put the value into single quotes, or a blank before a # that begins a comment.',
    '把值放在单引号里；表示注释的 # 前面要有空格。',
  ],
  ['set it lower, or remove it.', '请设小一些，或删掉。'],
  ['set it lower, if refunds are to be asked about.', '如果退款要询问，请设小一些。'],
  ['set it to {} or more.', '请设为 {} 或更大。'],
  [
    'remove it, or set ALIPAY_REFUND_APPROVAL to chat or operator.',
    '请删掉，或把 ALIPAY_REFUND_APPROVAL 设为 chat 或 operator。',
  ],
  [
    'use merchant or buyer, in small letters: buyer where buyers sit in the chat.',
    '请填 merchant 或 buyer（小写）；对话里坐的是买家时填 buyer。',
  ],
  [
    'name the JSON file with what is sold; docs/shop.md shows one.',
    '请填商品文件（JSON）的路径；docs/shop.zh-CN.md 有完整示例。',
  ],
  [
    'name the JSON file with the plans; docs/subscriptions.md shows one.',
    '请填商品文件（JSON）的路径，订阅方案写在里面；docs/subscriptions.zh-CN.md 有完整示例。',
  ],
  ['correct the items file; docs/shop.md shows a whole one.', '请修正商品文件；docs/shop.zh-CN.md 有完整示例。'],
  [
    'set ALIPAY_DELIVERY_SECRET_FILE to a file with a secret, such as "openssl rand -hex 32" makes one.',
    '请把 ALIPAY_DELIVERY_SECRET_FILE 设为一个密钥文件的路径，可用 openssl rand -hex 32 生成。',
  ],
  [
    'set it to the address where buyers reach "{}", whose page they sign on.',
    '请填买家能访问到 {} 的地址：签约页在那里。',
  ],
  [
    'read docs/subscriptions.md, then set it to enabled; or take subscriptions out of ALIPAY_TOOLSETS.',
    '请先读 docs/subscriptions.zh-CN.md，再填 enabled；或从 ALIPAY_TOOLSETS 里去掉 subscriptions。',
  ],
  [
    'set it to the product of your contract: GENERAL_WITHHOLDING 商家扣款 or CYCLE_PAY_AUTH 周期扣款.',
    '请填签约的产品：GENERAL_WITHHOLDING（商家扣款）或 CYCLE_PAY_AUTH（周期扣款）。',
  ],
  [
    'give the sign_scene of your contract, INDUSTRY| and a name, such as INDUSTRY|DIGITAL_MEDIA.',
    '请填签约的 sign_scene：INDUSTRY| 加名称，例如 INDUSTRY|DIGITAL_MEDIA。',
  ],
  ['set it to enabled, in small letters, or remove it.', '请填 enabled（小写），或删掉它。'],
  ['set it to CYCLE_PAY_AUTH_P, or remove it.', '请填 CYCLE_PAY_AUTH_P，或删掉它。'],
  [
    'set ALIPAY_TOOLSETS=payments,subscriptions, or remove it.',
    '请设置 ALIPAY_TOOLSETS=payments,subscriptions，或删掉它。',
  ],
  ['remove it, or set ALIPAY_ROLE=buyer.', '请删除它，或设置 ALIPAY_ROLE=buyer。'],
  [
    'give an amount in yuan with at most two decimals, such as 100.00; 0 for none.',
    '请填以元为单位的金额，最多两位小数，例如 100.00；不允许则填 0。',
  ],
  [
    'write a long random text into it, such as the output of: openssl rand -hex 32',
    '请写入一段足够长的随机文本，例如 openssl rand -hex 32 的输出。',
  ],
  [
    'set it to operator, or remove it; what is refunded by itself stands with each item, as "refund".',
    '请设为 operator 或删除它；哪些商品可自动退款，写在商品的 "refund" 里。',
  ],
  [
    'to allow no {} at all, name the other tools in ALIPAY_TOOLS or set ALIPAY_READ_ONLY=true.',
    '完全不允许{}时，请在 ALIPAY_TOOLS 里只列其他工具，或设置 ALIPAY_READ_ONLY=true。',
  ],
  [
    'give an amount in yuan with at most two decimals and without a sign, such as 99.50, at most {}.',
    '填以元为单位的金额，最多两位小数，不带符号，例如 99.50，最大 {}。',
  ],
  ['give the merchant id: 16 digits, 2088...', '填商家的 PID：2088 开头的 16 位数字。'],
  [
    "give the app_auth_token that the merchant's authorisation returned, at most 40 letters and digits.",
    '填商家授权返回的 app_auth_token，最多 40 个字母和数字。',
  ],
  [
    "give an address that is open to the internet, such as a tunnel's, or remove it.",
    '填公网可访问的地址（例如内网穿透的地址），或删掉它。',
  ],
  [
    'for a ledger that lasts run "{}", and set ALIPAY_GATEWAY and the rest as it prints.',
    '要保留账本，请运行 {}，并按它的输出设置 ALIPAY_GATEWAY 等。',
  ],
  [
    'remove it, and set ALIPAY_APP_CERT_FILE, ALIPAY_PUBLIC_CERT_FILE and ALIPAY_ROOT_CERT_FILE to the three certificate files.',
    '请删掉，并把 ALIPAY_APP_CERT_FILE、ALIPAY_PUBLIC_CERT_FILE、ALIPAY_ROOT_CERT_FILE 设为三个证书文件。',
  ],
  ['remove ALIPAY_GATEWAY.', '请删掉 ALIPAY_GATEWAY。'],
  [
    'set ALIPAY_ENV={} if real money is meant, or remove ALIPAY_GATEWAY.',
    '要真实收款请设 ALIPAY_ENV={}，否则删掉 ALIPAY_GATEWAY。',
  ],
  ['set ALIPAY_ENV={}, or remove ALIPAY_GATEWAY.', '请设 ALIPAY_ENV={}，或删掉 ALIPAY_GATEWAY。'],
  [
    'remove ALIPAY_GATEWAY: ALIPAY_ENV brings the right address.',
    '请删掉 ALIPAY_GATEWAY：ALIPAY_ENV 会带出正确的地址。',
  ],
  ['give the address up to gateway.do.', '地址写到 gateway.do 为止。'],
  ['set it to a free port or to 0.', '请换一个空闲端口，或设为 0。'],
  ['use http://host:port, or NO_PROXY for none.', '写成 http://主机:端口；不用代理时设置 NO_PROXY。'],
  // Of refunds in production
  [
    'ALIPAY_REFUND_APPROVAL=operator (or chat: whoever sits in this chat is the merchant or staff)',
    'ALIPAY_REFUND_APPROVAL=operator（对话里的人就是商家或员工时用 chat）',
  ],
  ['ALIPAY_MAX_REFUND=500.00 (the most that one refund may give back)', 'ALIPAY_MAX_REFUND=500.00（每笔退款的上限）'],
  ['ALIPAY_DAILY_REFUNDS=2000.00 (the most of one day)', 'ALIPAY_DAILY_REFUNDS=2000.00（每天退款的上限）'],
  [
    'ALIPAY_SELLER_ID=2088... (the merchant, so that all its apps share one ledger)',
    'ALIPAY_SELLER_ID=2088...（商家的 PID，使它的所有应用共用一个账本）',
  ],
  // The ledger
  [
    'Use Node.js 22.13 or newer, or libsql beside it: {} 请使用 Node.js 22.13 或更高版本，或同时安装 libsql：{}',
    '请使用 Node.js 22.13 或更高版本，或同时安装 libsql：{}',
  ],
  [
    'Free some space, or let ALIPAY_DATA_DIR name a folder on another disk.',
    '请清理磁盘，或把 ALIPAY_DATA_DIR 设为另一块磁盘上的文件夹。',
  ],
  [
    'Let the user who runs the server own the folder ALIPAY_DATA_DIR and the files in it, or name another folder.',
    '请让运行服务器的用户拥有 ALIPAY_DATA_DIR 文件夹及其中的文件，或换一个文件夹。',
  ],
  [
    'Let ALIPAY_DATA_DIR name a folder that is writable for the user who runs the server.',
    '请把 ALIPAY_DATA_DIR 设为运行服务器的用户可写的文件夹。',
  ],
  [
    'Move ledger.db (with ledger.db-wal and ledger.db-shm) elsewhere and keep it: it tells which refunds were sent. Put a backup in its place.',
    '请把 ledger.db（连同 ledger.db-wal 和 ledger.db-shm）移到别处并保留：它记录了已发出的退款。再放回备份。',
  ],
  ['Let ALIPAY_DATA_DIR name a folder, or a name that is free.', '请把 ALIPAY_DATA_DIR 设为文件夹，或尚未使用的名称。'],
  [
    'Let ALIPAY_DATA_DIR name a folder: no link that leads nowhere or in a circle, and no path that is too long.',
    '请把 ALIPAY_DATA_DIR 设为文件夹：不要用失效或循环的链接，路径也不要过长。',
  ],
  [
    'Try again; if it stays so, end the program that holds ledger.db open (a database browser, a backup).',
    '请重试；仍然如此时，关闭占用 ledger.db 的程序（数据库工具、备份程序）。',
  ],
  [
    'Make the same call again in a moment; if it stays so, let fewer servers share this ledger.',
    '请稍后重试；仍然如此时，减少共用这个账本的服务器数量。',
  ],
  [
    'If ledger.db was copied, copy ledger.db, ledger.db-wal and ledger.db-shm together (see "Copy a ledger" in docs/ledger.md). Put a backup in its place, or if this folder never held a ledger, remove the three files.',
    '复制账本时，ledger.db、ledger.db-wal 和 ledger.db-shm 要一起复制。请放回备份；如果这个文件夹从未存放过账本，请删除这三个文件。',
  ],
  [
    'Check the disk, and that ALIPAY_DATA_DIR is not on a network drive.',
    '请检查磁盘，并确认 ALIPAY_DATA_DIR 不在网络盘上。',
  ],
  [
    'End programs that are not needed, or raise the limit of open files for the user who runs the server.',
    '请关闭不需要的程序，或提高运行服务器的用户的打开文件数上限。',
  ],
  ['Move it away, or let ALIPAY_DATA_DIR name another folder.', '请把它移走，或把 ALIPAY_DATA_DIR 设为另一个文件夹。'],
  ['Try again; if it stays so, report it with this number.', '请重试；仍然如此时，请附上这个错误号反馈。'],
  ['Start the server again.', '请重新启动服务器。'],
  ['Use that version, or {}', '请使用那个版本，或{}'],
  ['Keep it, as it tells which refunds were sent, and {}', '请保留它（它记录了已发出的退款），并{}'],
  ['let ALIPAY_DATA_DIR name another folder.', '把 ALIPAY_DATA_DIR 设为另一个文件夹。'],
  [
    'Look this order up at Alipay by hand. Keep a copy of ledger.db, ledger.db-wal and ledger.db-shm, and put a backup in their place; everything else goes on until then.',
    '请在支付宝人工核对这个订单。保留 ledger.db、ledger.db-wal 和 ledger.db-shm 的副本，再放回备份；在此之前其他订单照常。',
  ],
  [
    'use the settings of the server that made the order, for example with --dotenv.',
    '请使用创建该订单的服务器的配置，例如加 --dotenv。',
  ],
  ['save the body that was posted there, and name it.', '请把收到的请求正文存在那里，再写上文件名。'],
]
