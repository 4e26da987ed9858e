/** How a change looks. */
import type { Change } from "../change";
import { changeLabel } from "../format";
import { Capsule } from "../../shared/mail/parts";
import type { ToneName } from "../../shared/mail/theme";

export function toneOf({ kind, band }: Change): ToneName {
  switch (kind) {
    case "new":
      return "nw";
    case "gone":
      return "gn";
    case "same":
      return "s0";
    case "up":
      return `u${band}`;
    case "down":
      return `d${band}`;
  }
}

/** A change in a coloured capsule; its sign says the same as its colour. */
export function Badge({ change, size = 12 }: { readonly change: Change; readonly size?: number }) {
  return (
    <Capsule as={toneOf(change)} size={size}>
      {changeLabel(change)}
    </Capsule>
  );
}
