/**
 * Whether an instance type or class is of a Graviton family: the letters after the generation begin with `g` (`t4g`,
 * `m8gd`, `im4gn`), or it is the first one, `a1`.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function isGraviton(instanceType: string): boolean {
  const [family = ""] = instanceType.replace(/^(db|cache)\./, "").split(".");
  // Serverless classes have no processor to choose.
  return family === "serverless" || /^(a1|[a-z]+\d+g[a-z]*)$/.test(family);
}
