/**
 * The newest runtime of each language that Lambda offers, by the beginning of its name.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const NEWEST_RUNTIMES: Readonly<Record<string, string>> = {
  nodejs: "nodejs24.x",
  python: "python3.14",
  java: "java25",
  dotnet: "dotnet10",
  ruby: "ruby3.4",
  provided: "provided.al2023",
};

export function isNewestRuntime(runtime: string): boolean {
  return Object.values(NEWEST_RUNTIMES).includes(runtime);
}
