// Shows a page in the browser of this computer.

/** Loaded when it is needed: hardly any start needs it. @throws where no browser can be started */
export async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open')
  await open(url)
}
