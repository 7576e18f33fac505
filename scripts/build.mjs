// Builds dist/: a main file and lazily loaded chunks, with everything bundled, and the licences of what is in them.
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { joinChunks } from './join-chunks.mjs'
import { licenceText } from './licences.mjs'

const BANNER = `#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module'
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error('alipay-mcp needs Node.js 20 or newer; this is ' + process.version + '.')
  process.exit(1)
}
const require = __createRequire(import.meta.url)`

/** Answers matching imports of one package with a module written here. */
function replaced(name, filter, from, contents) {
  const setup = (builder) => {
    builder.onResolve({ filter }, ({ path, importer, resolveDir }) =>
      from.test(importer.replaceAll('\\', '/')) ? { path, namespace: name, pluginData: resolveDir } : undefined,
    )
    builder.onLoad({ filter: /.*/, namespace: name }, ({ path, pluginData }) => ({
      contents: contents(path),
      resolveDir: pluginData,
    }))
  }
  return { name, setup }
}

// Start -11 %, package -0.08 MB: the MCP SDK's default validator is ajv; it has a small one for workers. The rest of its
// file for workers must not be taken: it has no standard input.
const smallValidator = replaced(
  'small-validator',
  /^@modelcontextprotocol\/(server|client)\/_shims$/,
  /\/@modelcontextprotocol\/(server|client)\//,
  (path) => `
    import { CfWorkerJsonSchemaValidator } from '${path.replace('_shims', 'validators/cf-worker')}'
    export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator }
    export const process = globalThis.process
    export const CORS_IS_POSSIBLE = false`,
)

// First call -15 % on Node 22, -22 % on 24, where an import reads all that a module has, and `http.WebSocket` loads an
// HTTP client that nobody here wants. The same for other modules of Node's gains nothing.
const requiredHttp = replaced(
  'required-http',
  /^(node:)?https?$/,
  // Files, not the module below.
  /\//,
  (path) => `module.exports = require('${path}')`,
)

// First call -55 %, package -0.26 MB: alipay-sdk signs, and gateway/exchange.ts sends. The SDK's own HTTP client would
// also send a lost POST again by itself. An Agent is made when the SDK is loaded.
const withoutHttpClient = replaced(
  'without-http-client',
  /^(urllib|formstream)$/,
  /\/alipay-sdk\//,
  (path) => `
    function absent() { throw new Error('alipay-mcp is built without ${path}: alipay-sdk only signs') }
    export default class { constructor() { absent() } static request() { absent() } }
    export class Agent {}
    export class ProxyAgent { constructor() { absent() } }`,
)

// Start -8 %: the MCP SDK makes all schemas of the protocol for two tables that nobody here reads, specTypeSchemas and
// isSpecType. Without what fills them, the schemas that nothing else needs are left out.
const neededSchemas = {
  name: 'needed-schemas',
  setup({ onLoad }) {
    const edited = (filter, pattern, replacement) =>
      onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        const contents = text.replace(pattern, replacement)
        if (contents === text) throw new Error(`${path} is not what it was: look at neededSchemas`)
        return { contents }
      })
    const PACKAGES = /@modelcontextprotocol.(server|client).dist.src-[^/]*\.mjs$/
    edited(PACKAGES, /^for \(const .* register\(.*\);$/gm, '')
    const CALLS = /(?<![\w.])(z|\w+Schema)\.\w+\(/g
    edited(/@modelcontextprotocol.core.dist.(schemas|auth)-[^/]*\.mjs$/, CALLS, '/* @__PURE__ */ $&')
  },
}

/** Start -13 %: what the program would make of its tools each time, for which it would load them all. */
async function builtOffers() {
  const contents = `export { OFFERS as default } from './src/tools/offers.ts'`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    write: false,
    outdir: '.',
    platform: 'node',
    format: 'esm',
  })
  const [{ contents: module }] = outputFiles
  return (await import(`data:text/javascript;base64,${Buffer.from(module).toString('base64')}`)).default
}

await rm('dist', { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  // Start -21 %: a command loads its own code only.
  splitting: true,
  // Start -5 %, package -0.17 MB.
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'none',
  banner: { js: BANNER },
  // SQLite for a ledger on disk, found at run time where Node has none and somebody has installed it.
  external: ['libsql'],
  // Its other form asks for its files at run time.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // The tools as they are listed, see src/tools/offers.ts. sql.js asks for its folder, though it is given its wasm file.
  define: { __dirname: 'undefined', BUILT_OFFERS: JSON.stringify(await builtOffers()) },
  plugins: [smallValidator, requiredHttp, withoutHttpClient, neededSchemas],
  metafile: true,
  logLevel: 'warning',
})
await joinChunks(metafile, 'src/main.ts', 'src/cli/serve.ts')
// SQLite itself of sql.js, for a ledger in memory; see ledger/sqlite/engines.ts.
await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm')
await writeFile('dist/THIRD-PARTY-LICENCES.txt', await licenceText(metafile))
