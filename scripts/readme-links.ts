/**
 * README.md with links that work where the package is shown (`--absolute`, before it is packed), and back (afterwards).
 * Registries show the file alone: what it links to is in the repository, as of the package's version.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly version: string;
  readonly repository: { readonly url: string };
}

/** The target of a link or picture: `](docs/x.md)`, `src="docs/x.png"`; not that of another site or of a heading. */
const TARGET = /(\]\(|\b(?:src|srcset|href)=")(?!#|[a-z]+:)([^)"\s]+)/g;

export function absoluteLinks(text: string, { version, repository }: Manifest): string {
  return text.replace(TARGET, (_, before: string, path: string) => {
    const form = /\.(png|svg|webp|gif|jpe?g)$/.test(path) ? "raw" : "blob";
    return `${before}${addressOf(repository)}/${form}/v${version}/${path}`;
  });
}

export function relativeLinks(text: string, { version, repository }: Manifest): string {
  return ["raw", "blob"].reduce(
    (result, form) => result.replaceAll(`${addressOf(repository)}/${form}/v${version}/`, ""),
    text,
  );
}

function addressOf({ url }: Manifest["repository"]): string {
  return url.replace(/^git\+/, "").replace(/\.git$/, "");
}

if (require.main === module) {
  const file = join(__dirname, "..", "README.md");
  const manifest = JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as Manifest;
  const change = process.argv.includes("--absolute") ? absoluteLinks : relativeLinks;
  writeFileSync(file, change(readFileSync(file, "utf8"), manifest));
}
