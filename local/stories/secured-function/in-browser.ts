/** The site in a real browser, whose requests the local cloud answers in the names' place. */
import type { Browser, Page } from "playwright-core";
import { outputOf } from "../account";
import { withBrowser } from "../browser";
import type { PlayedContext } from "../story";
import { say } from "../../console";
import { mailedCode, PASSWORD } from "./people";
import { visitor } from "./visitor";

const NAME = "grace";

async function open(browser: Browser, { endpoint }: PlayedContext): Promise<Page> {
  const visit = visitor(endpoint);
  const session = await browser.newContext();
  await session.route("**/*", async (route) => {
    const request = route.request();
    const sent = await request.allHeaders();
    const headers = Object.fromEntries(Object.entries(sent).filter(([name]) => !name.startsWith(":")));
    const body = request.postDataBuffer() ?? undefined;
    const answer = await visit(request.url(), {
      method: request.method(),
      headers,
      ...(body !== undefined && { body }),
    });
    const { "content-length": _, ...answered } = answer.headers;
    await route.fulfill({ status: answer.status, headers: answered, body: answer.body });
  });
  return session.newPage();
}

const click = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** What the live region says, once it says something. */
async function said(page: Page): Promise<string> {
  return (await page.locator("[role=status]:not(:empty)").textContent()) ?? "";
}

function expect(found: string, expected: string): void {
  if (!found.includes(expected)) throw new Error(`"${found}" instead of "${expected}"`);
}

async function toSignInPage(page: Page): Promise<void> {
  await click(page, "Sign in");
  await page.waitForURL(/amazoncognito\.com/);
}

const fill = (page: Page, name: string, text: string) => page.locator(`input[name=${name}]`).fill(text);
const submit = (page: Page) => page.locator("button[type=submit]").click();

/** On Cognito's pages, with the code that it mails. */
async function signUp(context: PlayedContext, page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Sign up" }).click();
  const email = `${name}@example.com`;
  for (const [field, text] of [
    ["username", name],
    ["password", PASSWORD],
    ["email", email],
  ] as const) {
    await fill(page, field, text);
  }
  await submit(page);
  await page.locator("input[name=code]").waitFor();
  await fill(page, "code", await mailedCode(context, email));
  await submit(page);
}

async function signIn(page: Page, name: string): Promise<void> {
  await fill(page, "username", name);
  await fill(page, "password", PASSWORD);
  await submit(page);
}

/** Calls twice, the first time with the code, and looks at what is left in the browser. */
async function executeTwice(page: Page, name: string): Promise<string> {
  for (const sent of ["signIn", "{}"]) {
    const answered = page.waitForResponse(/\/api\/execute$/);
    await click(page, "Execute Lambda");
    expect((await answered).request().postData() ?? "", sent);
    expect(await said(page), `You are authenticated as ${name}`);
  }
  const kept = await page.evaluate<number>("localStorage.length + sessionStorage.length + document.cookie.length");
  if (kept > 0) throw new Error("something is kept in the browser");
  return said(page);
}

/** Steps in a browser; none where the machine has no Chromium, which is said. */
export async function playInBrowser(context: PlayedContext): Promise<void> {
  const site = `${outputOf(context, "url")}/`;
  const played = await withBrowser(process.env.PATH ?? "", async (browser) => {
    await context.step("In a browser: a guest is refused", async () => {
      const page = await open(browser, context);
      await page.goto(site);
      await context.keep("home.png", await page.screenshot());
      await click(page, "Continue as guest");
      await click(page, "Execute Lambda");
      const answer = await said(page);
      expect(answer, "You are not authorized to execute the function.");
      await click(page, "Return to home page");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      return answer;
    });

    await context.step("In a browser: somebody signs up, confirms, and is called by name", async () => {
      const page = await open(browser, context);
      const faults: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && faults.push(message.text())));
      await page.goto(site);
      await toSignInPage(page);
      await signUp(context, page, NAME);
      await page.waitForURL(site);
      const answer = await executeTwice(page, NAME);
      await context.keep("signed-in.png", await page.screenshot());
      if (faults.length > 0) throw new Error(faults.join("; "));
      return answer;
    });

    await context.step("In a browser: the same person signs in elsewhere", async () => {
      const page = await open(browser, context);
      await page.goto(site);
      await toSignInPage(page);
      await context.keep("sign-in.png", await page.screenshot());
      await signIn(page, NAME);
      await page.waitForURL(site);
      return executeTwice(page, NAME);
    });

    await context.step("In a browser: a way back that was not started there is refused", async () => {
      const page = await open(browser, context);
      await page.goto(site);
      await toSignInPage(page);
      await page.goto(`${site}?code=somebody-elses&state=changed`);
      const answer = await said(page);
      expect(answer, "This sign-in was not started here.");
      if (page.url() !== site) throw new Error(`the code is still in the address: ${page.url()}`);
      return answer;
    });
    return true;
  });
  if (played === undefined) say("No Chromium on PATH: what happens in a browser is not played");
}
