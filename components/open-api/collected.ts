/** What is noted of a document while Redocly walks through it: where its operations are, and where references lead. */
import type { LocationObject } from "@redocly/openapi-core";

interface At {
  readonly source: LocationObject["source"];
  readonly pointer: string;
}

interface Context {
  readonly location: At;
}

interface Resolved {
  readonly location?: At | undefined;
}

interface Reference {
  readonly at: At;
  /** Identity of the place that it leads to. */
  readonly target: string;
}

const idOf = ({ source, pointer }: At): string => `${source.absoluteRef}${pointer.replace(/\/$/, "")}`;

/** A place, and all that it lies in, from itself outwards to its file. */
function* around({ source, pointer }: At): Generator<string> {
  for (let rest = pointer.replace(/\/$/, ""); rest !== ""; rest = rest.slice(0, Math.max(0, rest.lastIndexOf("/")))) {
    yield `${source.absoluteRef}${rest}`;
  }
}

export class Collected {
  private readonly operations = new Map<string, At>();
  private readonly references: Reference[] = [];

  /** A rule of Redocly's that finds nothing wrong. */
  visitor() {
    return {
      Operation: {
        enter: ({ operationId }: { operationId?: string }, { location }: Context) => {
          if (operationId !== undefined && !this.operations.has(operationId))
            this.operations.set(operationId, location);
        },
      },
      ref: {
        enter: (_node: unknown, { location: at }: Context, { location }: Resolved) => {
          if (location !== undefined) this.references.push({ at, target: idOf(location) });
        },
      },
    };
  }

  places(placeOf: (location: LocationObject) => string): Map<string, string> {
    return new Map([...this.operations].map(([id, at]) => [id, placeOf({ ...at, reportOnKey: false })]));
  }

  /** One reference of each circle, in time proportional to the document. */
  circles(): LocationObject[] {
    const within = this.referencesWithin();
    const state = new Map<string, "open" | "done">();
    const found: LocationObject[] = [];
    const visit = (target: string): void => {
      state.set(target, "open");
      for (const { at, target: next } of within.get(target) ?? []) {
        if (state.get(next) === "open") found.push({ ...at, reportOnKey: false });
        else if (!state.has(next)) visit(next);
      }
      state.set(target, "done");
    };
    for (const target of within.keys()) if (!state.has(target)) visit(target);
    return found;
  }

  /** References by the places referred to that they are in. */
  private referencesWithin(): Map<string, Reference[]> {
    const within = new Map<string, Reference[]>(this.references.map(({ target }) => [target, []]));
    for (const reference of this.references) {
      for (const place of around(reference.at)) within.get(place)?.push(reference);
    }
    return within;
  }
}
