import type { Telemetry } from "./telemetry";

/**
 * Does the work; an error is in the logs before it goes on to the caller.
 *
 * @param failure what it is called there, such as "The order was not taken"
 */
export async function logged<T>(
  { telemetry }: { readonly telemetry: Pick<Telemetry<never>, "error"> },
  failure: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    telemetry.error(failure, error);
    throw error;
  }
}
