import sparticuz from '@sparticuz/chromium'

/** Unpacks the browser before two workers would at once, one of them starting what the other still writes. */
export async function setup(): Promise<void> {
  await sparticuz.executablePath()
}
