/** The files that a document consists of. */
import { relative } from "node:path";
import { BaseResolver, type Document, YamlParseError } from "@redocly/openapi-core";
import type { Fault } from "../internal/faults";

/** What a document consists of lies beside it: what it says must not change while nobody changes it. */
export class Files extends BaseResolver {
  override loadExternalRef(absoluteRef: string): ReturnType<BaseResolver["loadExternalRef"]> {
    if (!/^https?:/.test(absoluteRef)) return super.loadExternalRef(absoluteRef);
    return Promise.reject(new Error(`${absoluteRef} is not among the document's files`));
  }

  /** A file, or what is wrong with it. */
  async open(file: string, isRoot = false): Promise<{ document: Document } | { document?: never; fault: Fault }> {
    try {
      const document = await this.resolveDocument(null, file, isRoot);
      if (document instanceof Error) throw document;
      return { document };
    } catch (error) {
      const received = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      const line = error instanceof YamlParseError ? error.line : 1;
      const path = `${relative(process.cwd(), file)}:${line}`;
      return { fault: { path, received, allowed: "a file in YAML or JSON", fix: "Correct the file, or its name." } };
    }
  }
}
