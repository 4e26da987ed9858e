/** A document in one, and what is in it. */
import type { Fault } from "../internal/faults";

/** An operation as OpenAPI writes it, as far as it is looked at here. */
export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header" | "cookie";
    readonly required?: boolean;
    readonly schema?: Readonly<Record<string, unknown>>;
  }[];
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: Readonly<Record<string, unknown>> }>>;
  };
  readonly security?: readonly object[];
  readonly [extension: `x-${string}`]: unknown;
}

export type PathItem = Readonly<Record<string, unknown>>;

export interface Bundle {
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly security?: readonly object[];
  readonly [member: string]: unknown;
}

export interface FoundOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

export interface ReadDocument {
  /** In one, with references within it only. */
  readonly bundle: Bundle;
  readonly faults: readonly Fault[];
  /** By operationId; none where there are faults. */
  readonly operations: ReadonlyMap<string, FoundOperation>;
  /** `file:line` of operations, by operationId. */
  readonly places: ReadonlyMap<string, string>;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

/** The operations of a document, with the parameters of their path. */
export function operationsIn({ paths = {} }: Bundle): FoundOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const operation = item[method] as Operation;
      const shared = (item.parameters ?? []) as NonNullable<Operation["parameters"]>;
      return { ...operation, parameters: [...shared, ...(operation.parameters ?? [])], method, path };
    }),
  );
}
