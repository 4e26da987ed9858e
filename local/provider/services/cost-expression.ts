/**
 * The expressions that choose costs, in the notation of the `aws` package.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Expression.html
 */
import { named, nested, nestedList, type Shape, text, texts } from "./shape";

const VALUES: Shape = { key: text, matchOptions: texts, values: texts };

/** Names of the simple expressions, which the package's modules spell in their own ways. */
export interface Spelling {
  costCategories: string;
  dimensions: string;
}

/** An expression whose logical operators nest `depth` levels deep; the package's types end after three. */
export function expression(spelling: Spelling, depth = 3): Shape {
  const simple: Shape = {
    [spelling.costCategories]: named("CostCategories", nested(VALUES)),
    [spelling.dimensions]: named("Dimensions", nested(VALUES)),
    tags: nested(VALUES),
  };
  if (depth <= 1) return simple;
  const inner = expression(spelling, depth - 1);
  return {
    ...simple,
    ands: named("And", nestedList(inner)),
    not: nested(inner),
    ors: named("Or", nestedList(inner)),
  };
}
