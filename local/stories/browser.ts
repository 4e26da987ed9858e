/** A headless Chromium, where one is installed. */
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

async function findChromium(searchPath: string): Promise<string | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  for (const path of NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Undefined without a Chromium. */
export async function withBrowser<T>(
  searchPath: string,
  use: (browser: Browser) => Promise<T>,
): Promise<T | undefined> {
  const executablePath = await findChromium(searchPath);
  if (executablePath === undefined) return undefined;
  // As root, as in containers, Chromium has no sandbox of its own; the pages are ours.
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
