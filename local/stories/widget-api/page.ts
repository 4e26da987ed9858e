/** The page of the API, as a browser shows it without a network. */
import { withBrowser } from "../browser";

export interface Shown {
  readonly picture: Uint8Array;
  /** What was asked for besides the file itself and what it has within it. */
  readonly asked: readonly string[];
  readonly found: string;
}

/** Opens the page and searches it; undefined without a Chromium. */
export function showPage(
  file: string,
  search: string,
  searchPath = process.env.PATH ?? "",
): Promise<Shown | undefined> {
  return withBrowser(searchPath, async (browser) => {
    const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url()));
    await page.goto(`file://${file}`);
    await page.getByRole("heading", { name: "Keep a widget" }).waitFor();
    const picture = await page.screenshot();
    await page.getByRole("textbox").fill(search);
    const found = await page.locator("[data-role='search:results'] li").first().textContent();
    return { picture, asked: asked.filter((url) => !/^(file|data|blob):/.test(url)), found: found ?? "" };
  });
}
