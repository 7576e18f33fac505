// What to put right about keys and certificates, in Chinese: {} stands for what differs.

/** English, as src/settings says it -> Chinese. */
export const KEY_FIX_PHRASES: readonly (readonly [en: string, zh: string])[] = [
  // What is not set
  [
    'set it to the APPID of your app (open.alipay.com 控制台, or its 沙箱 page).',
    '填你的应用的 APPID（在 open.alipay.com 控制台，沙箱应用在「沙箱」页）。',
  ],
  ['copy it from what the emulator printed at its start.', '请从模拟器启动时的输出里复制。'],
  [
    'copy it from what the emulator printed at its start; for the built-in emulator set ALIPAY_ENV=local and remove ALIPAY_GATEWAY.',
    '请从模拟器启动时的输出里复制；要用内置模拟器，请设 ALIPAY_ENV=local 并删掉 ALIPAY_GATEWAY。',
  ],
  ['give the APPID: digits only, usually 16.', '填 APPID：只有数字，一般 16 位。'],
  [
    'give the APPID of the app, which is another number; the PID goes into ALIPAY_SELLER_ID.',
    '填应用的 APPID，那是另一个号码；PID 填到 ALIPAY_SELLER_ID。',
  ],
  [
    "set ALIPAY_PRIVATE_KEY or ALIPAY_PRIVATE_KEY_FILE to the application's private key 应用私钥.",
    '用 ALIPAY_PRIVATE_KEY 填应用私钥，或用 ALIPAY_PRIVATE_KEY_FILE 填它的文件路径。',
  ],
  [
    "set ALIPAY_PUBLIC_KEY or ALIPAY_PUBLIC_KEY_FILE: copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved.",
    '设置 ALIPAY_PUBLIC_KEY 或 ALIPAY_PUBLIC_KEY_FILE：在应用的「接口加签方式」复制「支付宝公钥」，保存应用公钥之后才会显示。',
  ],
  [
    "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved.",
    '在应用的「接口加签方式」复制「支付宝公钥」（不是应用公钥），保存应用公钥之后才会显示。',
  ],
  ['give the path of your own file or folder in its place.', '请换成你自己的文件或文件夹的路径。'],
  ['give your own value in its place.', '请换成你自己的值。'],
  // What is another thing
  [
    "exchange the two {}: the application's private key 应用私钥 belongs to {}, Alipay's public key 支付宝公钥 to {}.",
    '把两个{}对调：应用私钥属于 {}，支付宝公钥属于 {}。',
  ],
  ['keys', '密钥'],
  ['paths', '路径'],
  ['values', '值'],
  [
    "give the application's private key 应用私钥, from the files of the key tool 密钥工具 that made the pair (应用私钥RSA2048....txt).",
    '填应用私钥，它在生成密钥对的密钥工具保存的文件里（应用私钥RSA2048....txt）。',
  ],
  [
    "a certificate holds no private key; give the application's private key 应用私钥, from the files of the key tool 密钥工具 that made the pair (应用私钥RSA2048....txt).",
    '证书里没有私钥；填应用私钥，它在生成密钥对的密钥工具保存的文件里（应用私钥RSA2048....txt）。',
  ],
  [
    "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app.",
    '在应用的「接口加签方式」复制「支付宝公钥」。',
  ],
  [
    "Alipay's certificate 支付宝公钥证书 (alipayCertPublicKey_RSA2.crt) goes into ALIPAY_PUBLIC_CERT_FILE, beside ALIPAY_APP_CERT_FILE and ALIPAY_ROOT_CERT_FILE.",
    '支付宝公钥证书（alipayCertPublicKey_RSA2.crt）用 ALIPAY_PUBLIC_CERT_FILE 给出，同时设置 ALIPAY_APP_CERT_FILE 和 ALIPAY_ROOT_CERT_FILE。',
  ],
  [
    'take the key out as PEM text; from a .pfx or .p12: openssl pkcs12 -in FILE -nodes.',
    '把密钥取出为 PEM 文本；.pfx 或 .p12 用：openssl pkcs12 -in FILE -nodes。',
  ],
  [
    'export it as PEM text; from a .pfx or .p12: openssl pkcs12 -in FILE -nodes.',
    '导出为 PEM 文本；.pfx 或 .p12 用：openssl pkcs12 -in FILE -nodes。',
  ],
  ['export it as PEM text, PKCS#8 or PKCS#1.', '导出为 PEM 文本（PKCS#8 或 PKCS#1）。'],
  [
    "make a pair with Alipay's key tool 支付宝开放平台密钥工具, or convert a copy: ssh-keygen -p -m PEM -f COPY.",
    '用「支付宝开放平台密钥工具」生成一对，或转换一个副本：ssh-keygen -p -m PEM -f COPY。',
  ],
  [
    "make an RSA2 pair of 2048 bits with Alipay's key tool 支付宝开放平台密钥工具, and save it in the app.",
    '用「支付宝开放平台密钥工具」生成 RSA2 2048 位的密钥对，并把公钥保存到应用里。',
  ],
  [
    'take only the text itself out of it; a JSON file of settings is given with --config FILE.',
    '只填其中的密钥文本；JSON 配置文件用 --config FILE 给出。',
  ],
  [
    'take the password off a copy: openssl pkey -in FILE -out COPY.',
    '给一个副本去掉密码：openssl pkey -in FILE -out COPY。',
  ],
  ['set {} to the path instead.', '路径请填到 {}。'],
  [
    'paste it again, whole, from the file of the key tool 密钥工具 or the page where it is shown.',
    '请从密钥工具保存的文件，或显示它的页面，重新完整地粘贴。',
  ],
  // Certificates
  [
    'certificate mode 公钥证书 takes all three certificate files, or none.',
    '公钥证书模式要设全三个证书文件，否则一个都不要设。',
  ],
  ["keep Alipay's public key 支付宝公钥, or the three certificates.", '支付宝公钥和三个证书，只保留其中一种。'],
  [
    'download the three certificates from 接口加签方式 (公钥证书) of the app.',
    '在应用的「接口加签方式」（公钥证书）下载三个证书。',
  ],
  ['download the renewed one from 接口加签方式 of the app.', '在应用的「接口加签方式」下载更新后的证书。'],
  [
    'give 应用公钥证书, made from this private key: appCertPublicKey_....crt in the download.',
    '填由这把私钥生成的应用公钥证书：下载文件里的 appCertPublicKey_....crt。',
  ],
  [
    "give Alipay's, 支付宝公钥证书, which is alipayCertPublicKey_RSA2.crt in the download.",
    '填支付宝公钥证书：下载文件里的 alipayCertPublicKey_RSA2.crt。',
  ],
  [
    'give 支付宝根证书, which is alipayRootCert.crt in the download.',
    '填支付宝根证书：下载文件里的 alipayRootCert.crt。',
  ],
  [
    "what stands in {} belongs to {}. Then give {} Alipay's public key 支付宝公钥, for the one in {} is the application's own: {}",
    '{} 里的内容应填到 {}；然后在 {} 填支付宝公钥，因为 {} 里的公钥是应用自己的：{}',
  ],
]
