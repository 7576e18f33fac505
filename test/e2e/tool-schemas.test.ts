// The built program lists its tools with the schemas that were written into it: they are those of its sources.
import { expect, it } from 'vitest'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { offerOf } from '../../src/tools/offers.ts'
import { oldHost } from './hosts.ts'

it('the schemas in the program are those of the tools', async () => {
  const host = await oldHost()
  const tools = await host.tools()
  await host.close()
  expect(tools.map(({ name }) => name)).toStrictEqual(MERCHANT_TOOLS.map(({ name }) => name))
  for (const tool of MERCHANT_TOOLS) {
    const listed = tools.find(({ name }) => name === tool.name)
    const { input, output } = offerOf(tool)
    expect(listed).toMatchObject({ inputSchema: input, outputSchema: output })
  }
})
