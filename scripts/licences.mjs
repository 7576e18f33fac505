// Collects the licences of all packages whose code is in the bundle, for dist/THIRD-PARTY-LICENCES.txt.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const HEADER = `This program contains code of the packages below, each under its own licence.
`
const RULE = '-'.repeat(80)
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
// What a package's own bundler left where it copied another package in.
const CARRIED = /#region .*node_modules\/\.pnpm\/[^/]*@(\d[^/_]*)[^/]*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g
// Carried packages that are nowhere in node_modules: the licence that the registry has for them.
const LICENCE_ELSEWHERE = { '@cfworker/json-schema': 'MIT' }

/**
 * @param metafile esbuild's
 * @throws Error if a package has neither a licence text nor a licence in its package.json
 */
export async function licenceText(metafile) {
  const files = bundledFiles(metafile)
  const folders = new Set(files.flatMap((file) => file.match(PACKAGE_FOLDER)?.[0] ?? []))
  const found = await Promise.all([...folders].map(installed))
  const carried = (await Promise.all(files.map(carriedIn))).flat()
  const entries = new Map([...carried, ...found].map((entry) => [`${entry.name} ${entry.version}`, entry]))
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return [HEADER, ...sorted.map(([title, entry]) => section(title, entry))].join('\n')
}

function bundledFiles({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const used = inputs.filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && PACKAGE_FOLDER.test(file))
  return [...new Set(used.map(([file]) => file))]
}

async function installed(folder) {
  const { name, version, ...rest } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return { name, version, licence: licenceOf(rest), author: authorOf(rest), text: await textIn(folder) }
}

/** Packages whose code another package brings along inside its own files. */
async function carriedIn(file) {
  const by = file.match(PACKAGE_FOLDER)[0]
  const marks = [...(await readFile(file, 'utf8')).matchAll(CARRIED)]
  const versions = new Map(marks.map(([, version, name]) => [name, version]))
  return Promise.all([...versions].map(([name, version]) => carriedPackage(name, version, by)))
}

async function carriedPackage(name, version, by) {
  const modules = by.slice(0, by.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const folder = modules + name
  const here = existsSync(folder) ? await installed(folder) : { licence: LICENCE_ELSEWHERE[name] }
  return { ...here, name, version, by: by.slice(modules.length) }
}

function licenceOf({ license, licenses }) {
  const one = license ?? licenses?.[0]
  const name = typeof one === 'object' ? one.type : one
  return name === 'UNLICENSED' || /^see licen/i.test(name ?? '') ? undefined : name
}

function authorOf({ author }) {
  return typeof author === 'object' ? author.name : author?.replace(/\s*[<(].*$/, '')
}

async function textIn(folder) {
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)(?!.*\.[cm]?[jt]s$)/i.test(file))
  const texts = await Promise.all(names.sort().map((file) => readFile(join(folder, file), 'utf8')))
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n')
}

function section(title, { licence, author, by, text }) {
  if (!text && !licence) throw new Error(`${title} is in the bundle and has neither licence text nor licence name.`)
  const head = [title, `Licence: ${licence ?? 'as below'}`, author && `Author: ${author}`, by && `Contained in ${by}`]
  const missing = 'No licence file comes with this package; the licence above is the one that it declares.'
  return [RULE, ...head.filter(Boolean), '', text || missing, ''].join('\n')
}
