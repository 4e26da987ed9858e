/**
 * What the real `aws` plugin says of types that the stand-in has: facts only, in Pulumi's names, as tables of facts/.
 * A column `?` says nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Values } from "../../local/provider/property-values";

export interface Facts {
  /** Inputs of which a change replaces: those with ForceNew, or those that a recorded Diff called stable. */
  readonly replaces: readonly string[] | undefined;
  /** Those of the schema, or what a recorded Check added to the program's inputs, but for generated names. */
  readonly defaults: Values;
  /** Of a recording: those that are not inputs as well. */
  readonly outputs: readonly string[];
  /** Of a recording: the ID's form, in which `{name}` stands for an output, `*` for anything. */
  readonly id: string;
}

const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");

function table(name: string): ReadonlyMap<string, Facts> {
  const lines = readFileSync(join(__dirname, "facts", `${name}.tsv`), "utf8")
    .trimEnd()
    .split("\n");
  const [columns = [], ...rows] = lines.map((line) => line.split("\t"));
  const read = (row: readonly string[]): [type: string, facts: Facts] => {
    const cell = (column: string): string => row[columns.indexOf(column)] ?? "";
    const replaces = cell("replaces") === "?" ? undefined : words(cell("replaces"));
    const defaults = JSON.parse(cell("defaults") || "{}") as Values;
    return [cell("type"), { replaces, defaults, outputs: words(cell("outputs")), id: cell("id") }];
  };
  return new Map(rows.map(read));
}

/**
 * Complete, from the provider under the real plugin, hashicorp/terraform-provider-aws, with the file under
 * internal/service/. Version 7 of the plugin is made from its version 6; for some types an older revision was at hand.
 */
export const SCHEMAS = table("schemas");

/**
 * From exchanges of the plugin's versions 5.42 and 6.31 in pulumi/pulumi-aws, with the folder under
 * provider/testdata/recorded/TestProviderUpgrade/; version 7 renamed some properties. Replacements and defaults where
 * there is no schema. IDs of attachments are those that `pulumi import` of version 7 takes; version 5 made one of the
 * time.
 */
export const RECORDED = table("recorded");
