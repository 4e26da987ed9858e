/**
 * Whether an instance type or class is of a Graviton family: the letters after the generation begin with `g` (`t4g`,
 * `m8gd`, `im4gn`), or it is the first one, `a1`. A family or a pattern (`m8g.*`, `c7g*`) is where all that fits is.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function isGraviton(instanceType: string): boolean {
  const [family = ""] = instanceType.replace(/^(db|cache)\./, "").split(".");
  // Serverless classes have no processor to choose; AWS Batch has a word for its choice of Graviton families.
  if (["serverless", "default_arm64"].includes(family)) return true;
  return /^(a1|[a-z]+\d+g[a-z]*\*?)$/.test(family);
}
