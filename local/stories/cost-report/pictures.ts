/** Pictures of a page in a headless Chromium, where one is installed. */
import { withBrowser } from "../browser";

const LOOKS = {
  desktop: { viewport: { width: 900, height: 900 } },
  narrow: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  dark: { viewport: { width: 900, height: 900 }, colorScheme: "dark" },
} as const;

/** The whole page as PNG, as a wide and a narrow window and a dark one show it; undefined without a Chromium. */
export function pictures(
  file: string,
  searchPath = process.env.PATH ?? "",
): Promise<Map<string, Uint8Array> | undefined> {
  return withBrowser(searchPath, async (browser) => {
    const taken = new Map<string, Uint8Array>();
    for (const [look, options] of Object.entries(LOOKS)) {
      const page = await browser.newPage({ ...options, javaScriptEnabled: false });
      await page.goto(`file://${file}`);
      taken.set(look, await page.screenshot({ fullPage: true }));
    }
    return taken;
  });
}

/** How wide each page is in a window of some width, in pixels: more than that where it overflows. */
export function widthsOf(
  pages: readonly string[],
  window: number,
  searchPath = process.env.PATH ?? "",
): Promise<number[] | undefined> {
  return withBrowser(searchPath, async (browser) => {
    const page = await browser.newPage({ viewport: { width: window, height: 800 } });
    const widths: number[] = [];
    for (const html of pages) {
      await page.setContent(html);
      widths.push(await page.evaluate<number>("document.documentElement.scrollWidth"));
    }
    return widths;
  });
}
