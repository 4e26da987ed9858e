/** Pages for people, made from a document by Redoc. */

/** https://github.com/Redocly/redoc; the hash is that of the file in its npm package. */
const REDOC = {
  url: "https://cdn.jsdelivr.net/npm/redoc@2.5.4/bundles/redoc.standalone.js",
  integrity: "sha384-w447zOpYfw/1Tv/5AK9NfHTlQIqE3RVR6KY62jCyy9zNDgO64cMwGGP1Fj0zJVf5",
};

/** A page in one file, to be put where people find it. What is in it comes from the document; Redoc from its CDN. */
export function apiPage(bundle: string): string {
  const { info } = JSON.parse(bundle) as { info: { title: string } };
  // In a script, a text could end it.
  const data = bundle.replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(info.title)}</title>
  </head>
  <body>
    <div id="api"></div>
    <script src="${REDOC.url}" integrity="${REDOC.integrity}" crossorigin="anonymous"></script>
    <script>Redoc.init(${data}, {}, document.getElementById("api"));</script>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
