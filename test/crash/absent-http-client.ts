// Stands in the breaking server for the HTTP client of alipay-sdk, as in the build: the SDK only signs.

function absent(): never {
  throw new Error('alipay-sdk only signs')
}

export default class Absent {
  request = absent
}
export class Agent {}
export class ProxyAgent {}
