// What a command line holds for each flag that was not given.
const OF_EMULATOR = {
  certificates: false,
  keys: undefined,
  appPublicKey: undefined,
  appGateway: undefined,
  makeKeys: false,
  importFile: undefined,
}
const OF_LEDGER = { csv: false, wide: false, since: undefined, until: undefined, month: undefined, state: undefined }
export const UNUSED = {
  ...{
    print: false,
    project: false,
    probe: false,
    notification: undefined,
    front: false,
    watcher: false,
    healthPort: undefined,
  },
  ...OF_EMULATOR,
  ...OF_LEDGER,
  ...{
    order: undefined,
    list: false,
    why: undefined,
    resend: false,
    existing: undefined,
    yes: false,
    verbose: false,
    topic: undefined,
    operands: [],
  },
  ...{ language: 'en', colour: undefined, program: 'alipay-mcp', settingArgs: [] },
}
