// What the source says in English, as forms: strings put together, {} for what differs, a form for each choice.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))
const BLANK = '{}'
// What is put together of more choices is no sentence.
const MOST = 64

/** A node of the syntax tree, as ESTree names its parts. */
type Node = Readonly<Record<string, unknown>> & { type: string }

export interface SourceFile {
  /** Below src. */
  name: string
  nodes: readonly Node[]
  /** What the constants of the file are, by their names; functions may have constants of one name. */
  constants: ReadonlyMap<string, readonly Node[]>
}

/** All files of src but the phrases themselves. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('chinese'))
    .map((name) => {
      const nodes = [...nodesIn(parseAst(readFileSync(join(SRC, name), 'utf8'), { lang: 'ts' }))]
      const constants = new Map<string, Node[]>()
      for (const { type, id, init } of nodes) {
        if (type !== 'VariableDeclarator' || !isNode(init)) continue
        constants.set(nameOf(id), [...(constants.get(nameOf(id)) ?? []), init])
      }
      return { name, nodes, constants }
    })
}

/** Every text of the file. */
export function formsOf(file: SourceFile): readonly string[] {
  const texts = file.nodes.filter(({ type }) => /^(Literal|TemplateLiteral|BinaryExpression)$/.test(type))
  return [...new Set(texts.flatMap((node) => formsIn(node, file)))].filter((form) => form !== BLANK)
}

/** What is said to do about a problem: arguments, fields and constants by the name of fix, and the second of two words. */
export function fixForms(file: SourceFile): readonly string[] {
  const named = file.nodes.flatMap(({ type, key, id, value, init, left, right }) => {
    const isFix = /[fF]ix$/.test(nameOf(key)) || /[fF]ix$/.test(nameOf(id)) || nameOf(left) === 'fix'
    return isFix && /^(Property|VariableDeclarator|AssignmentPattern)$/.test(type) ? [value ?? init ?? right] : []
  })
  const pairs = file.nodes.flatMap(({ type, key, value }) =>
    type === 'Property' && /^(problem|notice)$/.test(nameOf(key)) && isNode(value) ? elementsOf(value).slice(1) : [],
  )
  const texts = [...named, ...pairs].flatMap((node) => (isNode(node) ? formsIn(node, file) : []))
  const handed = ['problem', 'notice', 'PastedTextError', 'matching', 'reportMissing'].flatMap((name) =>
    argumentForms(file, name, name === 'PastedTextError' || name === 'reportMissing' ? 1 : 2),
  )
  return [...new Set([...texts, ...handed])].filter((form) => !/^(\{\}\.?)?$/.test(form))
}

const elementsOf = ({ elements }: Node) => (Array.isArray(elements) ? elements : [])

/** What is handed over in this place to a function or class of this name, in all calls of the file. */
export function argumentForms(file: SourceFile, name: string, place: number): readonly string[] {
  return file.nodes
    .filter(({ type, callee }) => /^(Call|New)Expression$/.test(type) && calledName(callee) === name)
    .map(({ arguments: given }) => (given as readonly Node[])[place])
    .flatMap((node) => (node ? formsIn(node, file) : []))
}

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item)
  if (!isNode(value)) return
  yield value
  for (const part of Object.values(value)) yield* nodesIn(part)
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const nameOf = (node: unknown) => (isNode(node) && node.type === 'Identifier' ? String(node.name) : '')

/** Of `read.problem` the method. */
const calledName = (callee: unknown) =>
  nameOf(isNode(callee) && callee.type === 'MemberExpression' ? callee.property : callee)

/** Of a table of texts: the one that is named, or each. */
function membersOf({ object, property, computed }: Node, file: SourceFile): readonly unknown[] {
  return (file.constants.get(nameOf(object)) ?? []).flatMap((table) => {
    const { properties = [] } = (/^TS/.test(table.type) ? table.expression : table) as { properties?: readonly Node[] }
    return properties.filter(({ key }) => computed || nameOf(key) === nameOf(property)).map(({ value }) => value)
  })
}

function formsIn(node: Node, file: SourceFile, depth = 0): readonly string[] {
  const inner = (part: unknown) => (isNode(part) && depth < 20 ? formsIn(part, file, depth + 1) : [BLANK])
  switch (node.type) {
    case 'Literal':
      return [typeof node.value === 'string' ? node.value : BLANK]
    case 'TSAsExpression':
      return inner(node.expression)
    case 'ConditionalExpression':
      return [...inner(node.consequent), ...inner(node.alternate)]
    case 'BinaryExpression':
      return node.operator === '+' ? joined([inner(node.left), inner(node.right)]) : [BLANK]
    case 'TemplateLiteral': {
      const { quasis, expressions } = node as Node & {
        quasis: { value: { cooked: string } }[]
        expressions: Node[]
      }
      return joined(
        quasis.flatMap(({ value }, at) => [...(at > 0 ? [inner(expressions[at - 1])] : []), [value.cooked]]),
      )
    }
    case 'MemberExpression': {
      const members = membersOf(node, file)
      return members.length > 0 ? members.flatMap(inner) : [BLANK]
    }
    case 'CallExpression': {
      const [body] = (file.constants.get(nameOf(node.callee)) ?? []).map((called) => called.body)
      return isNode(body) && body.type !== 'BlockStatement' ? inner(body) : [BLANK]
    }
    case 'LogicalExpression':
      return [...inner(node.left), ...inner(node.right)]
    case 'Identifier':
      return (file.constants.get(nameOf(node)) ?? [undefined]).flatMap(inner)
    default:
      return [BLANK]
  }
}

function joined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce(
    (all, choices) => all.flatMap((begun) => choices.map((part) => begun + part)).slice(0, MOST),
    [''],
  )
}
