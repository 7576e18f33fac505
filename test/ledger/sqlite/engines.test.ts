// Which SQLite is used where, that none is loaded before it is needed, and who may read the files.
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Database } from '../../../src/ledger/sqlite/database.ts'
import { ENGINES, engine, findEngine } from '../../../src/ledger/sqlite/engines.ts'
import { NOON, opened, paidOrder, tempFolder } from '../places.ts'
import { buildServer, Server } from '../servers.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const HAS_SQLITE = major > 22 || (major === 22 && minor >= 13)

let server = ''
let remove = () => {}
beforeAll(async () => {
  ;({ file: server, remove } = await buildServer())
})
afterAll(() => remove())

it('Node brings its own SQLite from 22.13 on', async () => {
  expect((await engine('node:sqlite', 'file')) !== undefined).toBe(HAS_SQLITE)
  expect(await engine('sql.js', 'file')).toBeUndefined()
})

it('all engines give the same rows', async () => {
  const rows = ENGINES.map(async (name) => {
    const open = await engine(name, 'memory')
    if (!open) return undefined
    const db = new Database(open(':memory:'))
    db.script('create table t (id integer primary key, a text, b integer) strict')
    const ids = [db.insert('t', { a: 'x', b: 2 ** 52 }), db.insert('t', { a: undefined, b: 0 })]
    db.update('t', { id: 2 }, { a: '茶' })
    const found = db.all('select a, b, sum(b) over () as c from t where b >= ? order by id limit ?', 0, 5)
    db.close()
    return { ids, found: found.map((row) => ({ ...row })), none: db.all.name }
  })
  const found = [
    { a: 'x', b: 2 ** 52, c: 2 ** 52 },
    { a: '茶', b: 0, c: 2 ** 52 },
  ]
  const here = (await Promise.all(rows)).filter((one) => one !== undefined)
  expect(here.length).toBeGreaterThanOrEqual(2)
  for (const one of here) expect(one).toMatchObject({ ids: [1, 2], found })
})

it('opening a ledger says nothing on standard error, and leaves the warnings of others alone', async () => {
  const { emitWarning } = process
  await findEngine('file')
  expect(process.emitWarning).toBe(emitWarning)
  const process2 = new Server(server, 'open', tempFolder(), 'one', { at: NOON })
  process2.go()
  // Throws what there is on standard error.
  expect(await process2.ended()).toStrictEqual(['opened'])
})

it('a ledger in memory is alone in its process, one on disk is shared', async () => {
  const memory = [await opened(), await opened()] as const
  await paidOrder(memory[0])
  expect([memory[0].inMemory, await memory[1].order({ out_trade_no: 'A' })]).toStrictEqual([true, undefined])
  const folder = tempFolder()
  const disk = [await opened({ folder }), await opened({ folder })] as const
  await paidOrder(disk[0])
  expect(disk[1].inMemory).toBe(false)
  expect(await disk[1].order({ out_trade_no: 'A' })).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
})

it.skipIf(process.platform === 'win32')('nobody else may read the files, whatever they were before', async () => {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  const folder = join(tempFolder(), 'deep', 'new')
  await paidOrder(await opened({ folder }))
  const files = readdirSync(folder).sort()
  expect(files).toStrictEqual(['ledger.db', 'ledger.db-shm', 'ledger.db-wal'])
  expect([folder, ...files.map((file) => join(folder, file))].map(mode)).toStrictEqual(['700', '600', '600', '600'])
  const open = tempFolder()
  writeFileSync(join(open, 'ledger.db'), '', { mode: 0o644 })
  await paidOrder(await opened({ folder: open }))
  expect(readdirSync(open).map((file) => mode(join(open, file)))).toStrictEqual(['600', '600', '600'])
})

it('no engine is loaded by a server that has not opened its ledger', async () => {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'src/server/server.ts')],
    outdir: tempFolder(),
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['libsql', 'alipay-sdk'],
    logLevel: 'error',
  })
  expect(loadedAtOnce(metafile).filter((file) => /libsql|sql\.js|-engine\.ts|sqlite/.test(file))).toStrictEqual([])
})

/** What the static imports of the entry bring. */
function loadedAtOnce({ outputs }: Metafile): readonly string[] {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const imports = outputs[name]?.imports ?? []
    for (const { path, kind } of imports) if (kind === 'import-statement') visit(path)
  }
  for (const [name, { entryPoint }] of Object.entries(outputs)) if (entryPoint?.endsWith('server.ts')) visit(name)
  return [...seen].flatMap((name) => [name, ...Object.keys(outputs[name]?.inputs ?? {})])
}
