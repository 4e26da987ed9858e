/** A Next.js site behind CloudFront: every way of rendering, in a browser too; then a second release. */
import { GetObjectTaggingCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { outputOf } from "./account";
import { withBrowser } from "./browser";
import { buildSite, SECOND_RELEASE } from "./nextjs-site/build";
import { ask, open, type Answer } from "./nextjs-site/viewer";
import { eventually, type PlayedContext, type Story } from "./story";
import { say } from "../console";

function expect(answer: Answer, status: number, ...parts: readonly string[]): string {
  const text = answer.body.toString();
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${text.slice(0, 300)}`);
  for (const part of parts) {
    if (!text.includes(part)) throw new Error(`it does not say "${part}": ${text.slice(0, 300)}`);
  }
  return String(status);
}

function expectHeader(answer: Answer, name: string, value: string): string {
  const found = String(answer.headers[name]);
  if (!found.includes(value)) throw new Error(`${name}: ${found} instead of ${value}`);
  return found;
}

/** Path of a hashed file that a page names. */
function hashedFile(page: Answer): string {
  return /\/_next\/static\/chunks\/[^"\\]+\.js/.exec(page.body.toString())?.[0] ?? "none";
}

async function playPages(context: PlayedContext): Promise<void> {
  await context.step("Pages are static, or rendered for each request, by both routers", async () => {
    const home = await ask(context, "/");
    expect(home, 200, "Release", "/static/picture.png");
    expect(await ask(context, "/posts/1"), 200, "The first post");
    expect(await ask(context, "/posts/2"), 200, "The second post");
    expect(await ask(context, "/now?name=Ada", { headers: { "user-agent": "Lynx" } }), 200, "Ada", "Lynx");
    expect(await ask(context, "/now?name=Bob", { headers: { "user-agent": "Mosaic" } }), 200, "Bob", "Mosaic");
    expect(await ask(context, "/classic?name=Eve"), 200, "Eve");
    return `200; ${expectHeader(home, "strict-transport-security", "max-age")}`;
  });

  await context.step("A page is made again in the background when it is old", async () => {
    const made = async (): Promise<string> =>
      /Made at .*?([\dT:.-]+Z)/.exec((await ask(context, "/clock")).body.toString())?.[1] ?? "";
    const first = await made();
    const next = await eventually("the page is made again", context.signal, made, (at) => at !== "" && at !== first);
    return `${first}, then ${next}`;
  });

  await context.step("Middleware leads to another page of the site", async () => {
    const moved = await ask(context, "/first-post");
    expect(moved, 307);
    return expectHeader(moved, "location", "/posts/1");
  });

  await context.step("API routes take every method, and answer binary data as it is", async () => {
    const headers = { "content-type": "application/json" };
    const asked = { method: "POST", headers, body: JSON.stringify({ said: "ä" }) };
    expect(await ask(context, "/api/hello?a=1&b=%2F", asked), 200, '"POST"', '"b":"/"', '"said":"ä"');
    const dot = await ask(context, "/api/dot");
    expectHeader(dot, "content-type", "image/png");
    if (dot.body.subarray(1, 4).toString() !== "PNG") throw new Error("the picture is not what it was");
    return `${dot.body.length} bytes of PNG`;
  });

  await context.step("Pictures are optimised by the server", async () => {
    const path = "/_next/image?url=%2Fstatic%2Fpicture.png&w=64&q=75";
    const picture = await ask(context, path, { headers: { accept: "image/webp" } });
    expect(picture, 200);
    return expectHeader(picture, "content-type", "image/webp");
  });

  await context.step("What is missing, and what fails, is answered by Next.js's own pages", async () => {
    expect(await ask(context, "/no/such/page"), 404, "There is no such page");
    expect(await ask(context, "/posts/3"), 404, "There is no such page");
    expect(await ask(context, "/broken"), 500);
    return "404, 404, 500";
  });
}

async function playFiles(context: PlayedContext): Promise<void> {
  await context.step("Public files and hashed files come from the bucket, with what may be kept of them", async () => {
    const robots = await ask(context, "/robots.txt");
    expect(robots, 200, "User-agent");
    expectHeader(robots, "cache-control", "max-age=0, s-maxage=31536000, must-revalidate");
    expect(await ask(context, "/.well-known/security.txt"), 200, "Contact");
    expectHeader(await ask(context, "/static/picture.png"), "content-type", "image/png");
    const path = hashedFile(await ask(context, "/"));
    const hashed = await ask(context, path);
    expect(hashed, 200);
    expectHeader(await ask(context, path), "x-cache", "Hit");
    return expectHeader(hashed, "cache-control", "public, max-age=31536000, immutable");
  });

  await context.step("The bucket answers nobody else; HTTP leads to HTTPS; server code is nowhere", async () => {
    const bucket = outputOf(context, "bucketName");
    const direct = await ask(context, "/site/robots.txt", { host: `${bucket}.s3.us-east-1.amazonaws.com` });
    expect(direct, 403);
    const plain = await ask(context, "/", { scheme: "http" });
    if (plain.status !== 301) throw new Error(`HTTP is answered with ${plain.status}`);
    expect(await ask(context, "/_next/static/missing.js"), 404);
    for (const path of ["/.next/BUILD_ID", "/_next/server/app/page.js", "/server.js", "/deploy/manifest.json"]) {
      expect(await ask(context, path), 404);
    }
    return "403, 301, 404";
  });
}

async function playBrowser(context: PlayedContext): Promise<void> {
  const site = outputOf(context, "url");
  const played = await withBrowser(process.env.PATH ?? "", async (browser) => {
    await context.step("In a browser: pages come alive, and a server action takes a form", async () => {
      const page = await open(browser, context);
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      await page.goto(site);
      await page.getByRole("button", { name: "Clicked 0 times" }).click();
      await page.getByRole("button", { name: "Clicked 1 times" }).waitFor();
      await context.keep("home.png", await page.screenshot());
      for (const [link, heading] of [
        ["/now", "Hello, nobody"],
        ["/posts/2", "The second post"],
      ] as const) {
        await page.getByRole("link", { name: link, exact: true }).click();
        await page.getByRole("heading", { name: heading }).waitFor();
      }
      await page.goto(`${site}/guestbook`);
      await page.getByLabel("Name").fill("Grace");
      await page.getByRole("button", { name: "Sign" }).click();
      await page.getByRole("heading", { name: "Signed by Grace" }).waitFor();
      await context.keep("guestbook.png", await page.screenshot());
      if (faults.length > 0) throw new Error(faults.join("; "));
      return "Signed by Grace";
    });
    return true;
  });
  if (played === undefined) say("No Chromium on PATH: what happens in a browser is not played");
}

async function playSecondRelease(context: PlayedContext): Promise<void> {
  await context.step("A second release: new pages, and the old hashed files are still there, marked", async () => {
    const before = hashedFile(await ask(context, "/"));
    const old = await oldFile(context);
    const done = await context.redeploy({ application: SECOND_RELEASE });
    const home = () => ask(context, "/");
    const isNew = ({ body }: Answer) => /Release (<!-- -->)?2/.test(body.toString());
    const after = hashedFile(await eventually("the second release answers", context.signal, home, isNew));
    for (const path of [before, after, old]) expect(await ask(context, path), 200);
    const s3 = new S3Client({ ...context.client, forcePathStyle: true });
    const about = { Bucket: outputOf(context, "bucketName"), Key: `site${old}` };
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(about));
    if (!TagSet.some(({ Key }) => Key === "replaced")) throw new Error(`${old} is not marked as replaced`);
    return `${done}; ${old} is still there`;
  });
}

/** A file that the first release alone has: its build id is in the path. */
async function oldFile(context: PlayedContext): Promise<string> {
  const home = (await ask(context, "/classic")).body.toString();
  return /\/_next\/static\/[^/"]+\/_buildManifest\.js/.exec(home)?.[0] ?? "none";
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", async () => {
    const s3 = new S3Client({ ...context.client, forcePathStyle: true });
    const bucket = await s3
      .send(new HeadBucketCommand({ Bucket: outputOf(context, "bucketName") }))
      .catch(() => "gone");
    if (bucket !== "gone") throw new Error("the bucket is still there");
    return "no bucket";
  });
}

export const nextjsSite: Story = {
  title: "A Next.js site behind CloudFront: every way of rendering, in a browser too; then a second release",
  tryFirst: ["aws s3 ls --recursive s3://{bucketName}/site/", "aws cloudfront get-distribution --id {distributionId}"],
  equip: buildSite,
  prepare: () => Promise.resolve(),
  async play(context) {
    await playPages(context);
    await playFiles(context);
    await playBrowser(context);
    await playSecondRelease(context);
  },
  afterDestroy,
};
