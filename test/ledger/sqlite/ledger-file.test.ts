// The file of the ledger: whole after a clean end, never taken for a new one, and nothing but a file in a folder of its own.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../src/errors.ts'
import { ENGINES, engine } from '../../../src/ledger/sqlite/engines.ts'
import { foldersOpenToAll, requireFolder } from '../../../src/ledger/sqlite/ledger-file.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { hasLedger } from '../../../src/server/ledger-location.ts'
import { opened, paidOrder, SHOP, tempFolder } from '../places.ts'

const ON_DISK = (await Promise.all(ENGINES.map(async (name) => ((await engine(name, 'file')) ? [name] : [])))).flat()
const EMPTIED = 'ledger.db is empty, but it is no new ledger: what it knew is, or was, in ledger.db-wal.'
const NO_FOLDER = 'The folder of the ledger cannot be made.'

async function problemOf(failing: Promise<unknown>): Promise<string> {
  const error = await failing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof LedgerError)) throw error ?? new Error('it did not fail')
  expect(error.message).not.toMatch(/\b(EEXIST|ENOENT|ELOOP|ENAMETOOLONG|EINVAL|SQLITE_\w+)\b/)
  expect(error.fix).toMatch(/ALIPAY_DATA_DIR|backup/)
  return error.problem
}

describe.each(ON_DISK)('with %s', (only) => {
  const opening = (folder: string) => problemOf(openLedger({ folder, partition: SHOP }, only))

  it('a copy of the file alone is the whole ledger once all have ended', async () => {
    const [folder, copy] = [tempFolder(), tempFolder()]
    const both = [await opened({ folder, only }), await opened({ folder, only })]
    for (const [at, ledger] of both.entries()) await paidOrder(ledger, `ORDER_${at}`)
    for (const ledger of both) ledger.close()
    expect(statSync(join(folder, 'ledger.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    copyFileSync(join(folder, 'ledger.db'), join(copy, 'ledger.db'))
    const copied = await opened({ folder: copy, only })
    expect(await copied.list({ limit: 5 })).toMatchObject({ count: 2 })
  })

  it('a copy of the file alone, made while its log held everything, is no new ledger', async () => {
    const [folder, copy] = [tempFolder(), tempFolder()]
    await paidOrder(await opened({ folder, only }))
    copyFileSync(join(folder, 'ledger.db'), join(copy, 'ledger.db'))
    expect(await opening(copy)).toBe(EMPTIED)
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name))
    expect(await (await opened({ folder: copy, only })).list({ limit: 5 })).toMatchObject({ count: 1 })
  })

  it.each(['emptied', 'removed'])(
    'a file that was %s beside its log is no new ledger, and the log stays',
    async (how) => {
      const [folder, copy] = [tempFolder(), tempFolder()]
      await paidOrder(await opened({ folder, only }))
      copyFileSync(join(folder, 'ledger.db-wal'), join(copy, 'ledger.db-wal'))
      if (how === 'emptied') writeFileSync(join(copy, 'ledger.db'), '')
      const log = readFileSync(join(copy, 'ledger.db-wal'))
      expect(hasLedger(copy)).toBe(true)
      expect(await opening(copy)).toBe(EMPTIED)
      expect(readFileSync(join(copy, 'ledger.db-wal'))).toStrictEqual(log)
    },
  )

  it('a log that was damaged, or cut off, makes no new ledger of the file', async () => {
    const [folder, copy] = [tempFolder(), tempFolder()]
    await paidOrder(await opened({ folder, only }))
    for (const name of ['ledger.db', 'ledger.db-wal']) copyFileSync(join(folder, name), join(copy, name))
    truncateSync(join(copy, 'ledger.db-wal'), 2_000)
    expect(await opening(copy)).toBe(EMPTIED)
  })

  it.skipIf(process.platform === 'win32')('a pipe, a folder or a device in a place of its files is named', async () => {
    for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db-journal']) {
      const folder = tempFolder()
      spawnSync('mkfifo', [join(folder, name)])
      expect(await opening(folder)).toBe(`${name} is a pipe, not a file.`)
    }
    const folder = tempFolder()
    symlinkSync('/dev/zero', join(folder, 'ledger.db'))
    expect(await opening(folder)).toBe('ledger.db is a device, not a file.')
    mkdirSync(join(tempFolder(), 'x'))
    const other = tempFolder()
    mkdirSync(join(other, 'ledger.db-shm'))
    expect(await opening(other)).toBe('ledger.db-shm is a folder, not a file.')
  })

  it.skipIf(process.platform === 'win32')(
    'a folder that cannot be made is named, and looked at without making it',
    async () => {
      const folder = tempFolder()
      symlinkSync(join(folder, 'nowhere', 'at all'), join(folder, 'dangling'))
      symlinkSync(join(folder, 'two'), join(folder, 'one'))
      symlinkSync(join(folder, 'one'), join(folder, 'two'))
      writeFileSync(join(folder, 'file'), '')
      spawnSync('mkfifo', [join(folder, 'pipe')])
      const wrong = { dangling: NO_FOLDER, 'dangling/in': NO_FOLDER, one: NO_FOLDER, 'one/in': NO_FOLDER }
      const files = { file: 'The folder of the ledger is a file.', 'file/in': 'The folder of the ledger is a file.' }
      const all = { ...wrong, ...files, pipe: files.file, 'pipe/in': files.file, ['x'.repeat(300)]: NO_FOLDER }
      const long = 'deep/'.repeat(1_000)
      for (const [name, words] of Object.entries({ ...all, [long]: NO_FOLDER, 'nul\0l': NO_FOLDER })) {
        expect([name, await opening(join(folder, name))]).toStrictEqual([name, words])
        expect([name, await problemOf(requireFolder(join(folder, name)))]).toStrictEqual([name, words])
      }
      await requireFolder(join(folder, 'new', 'one'))
      expect(existsSync(join(folder, 'new'))).toBe(false)
    },
  )

  it.skipIf(process.platform === 'win32')('a ledger.db that is a link to nowhere or in a circle is named', async () => {
    const folder = tempFolder()
    symlinkSync(join(folder, 'not there', 'ledger.db'), join(folder, 'ledger.db'))
    expect(await opening(folder)).toBe(NO_FOLDER)
    const circle = tempFolder()
    symlinkSync(join(circle, 'ledger.db'), join(circle, 'ledger.db'))
    expect(await opening(circle)).toBe(NO_FOLDER)
  })
})

it.skipIf(process.platform === 'win32')(
  'names the folders in which everybody could put another ledger in its place',
  async () => {
    const folder = tempFolder()
    const own = join(folder, 'around', 'own')
    mkdirSync(own, { recursive: true })
    expect(await foldersOpenToAll(own)).toStrictEqual([])
    chmodSync(join(folder, 'around'), 0o1777)
    expect(await foldersOpenToAll(own)).toStrictEqual([])
    chmodSync(join(folder, 'around'), 0o777)
    expect(await foldersOpenToAll(own)).toStrictEqual([join(folder, 'around')])
    chmodSync(own, 0o1777)
    expect(await foldersOpenToAll(own)).toStrictEqual([own, join(folder, 'around')])
    symlinkSync(own, join(folder, 'link'))
    expect(await foldersOpenToAll(join(folder, 'link'))).toStrictEqual([own, join(folder, 'around')])
    expect(await foldersOpenToAll(join(folder, 'not there'))).toStrictEqual([])
  },
)

it.each([
  ['its own', 0o700, 0o600],
  ['of a group', 0o2770, 0o660],
  ['that others may read', 0o755, 0o600],
])('in a folder %s it is for whom the folder is', async (_whose, folderMode, fileMode) => {
  const folder = tempFolder()
  chmodSync(folder, folderMode)
  const ledger = await opened({ folder })
  await paidOrder(ledger)
  for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db-shm']) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toStrictEqual([name, fileMode])
  }
})

it('a link that one of two users laid in their folder widens nothing', async () => {
  const [folder, elsewhere] = [tempFolder(), join(tempFolder(), 'key.pem')]
  chmodSync(folder, 0o2770)
  writeFileSync(elsewhere, '', { mode: 0o600 })
  symlinkSync(elsewhere, join(folder, 'ledger.db'))
  await opened({ folder }).catch(() => undefined)
  expect(statSync(elsewhere).mode & 0o777).toBe(0o600)
})
