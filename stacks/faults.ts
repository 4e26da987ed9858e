/** Faults of a stack file. */
import { type Fault, type Path, pathText, shown, within } from "../components/internal/faults";

export { type Fault, pathText, shown } from "../components/internal/faults";
export { nearest } from "../components/internal/nearest-name";

/** All faults of a stack configuration together. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(
    stack: string,
    readonly faults: readonly Fault<string>[],
  ) {
    const lines = faults.map(
      ({ path, received, allowed, fix }) =>
        `  ${path}\n    received: ${received}\n    allowed:  ${allowed}\n    fix:      ${fix}`,
    );
    super(`Pulumi.${stack}.yaml: ${faults.length} fault${faults.length === 1 ? "" : "s"}\n${lines.join("\n")}`);
  }
}

/** Faults of a value that lies at a path of the file, with what was received as the file would show it. */
export function inFile(faults: readonly Fault[], at: Path): Fault<string>[] {
  return within(pathText(at), faults).map((fault) => ({ ...fault, received: shown(fault.received) }));
}
