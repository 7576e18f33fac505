// Shows a page of this computer in its browser.

/** Loaded when it is needed: hardly any start needs it. @throws where no browser can be started */
export async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open')
  await open(url)
}
