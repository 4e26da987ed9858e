/** The Lambda of pattern nextjs-site: notes that it ran. Invoked asynchronously by EventBridge Scheduler. */
import { type NextjsSiteDeps, productionDeps } from "./clients";
import { planRun } from "./plan";

export interface NextjsSiteSettings {
  readonly tableName: string;
}

/** @throws what AWS refuses: Lambda then tries the event again, and gives it to the dead-letter queue at last */
export function makeHandler({ tableName }: NextjsSiteSettings, deps: NextjsSiteDeps = productionDeps()) {
  return async (): Promise<{ noted: number }> => {
    const { at, expiresAt } = planRun(deps.now());
    const Item = { pk: { S: "run" }, sk: { S: at }, expiresAt: { N: String(expiresAt) } };
    try {
      await deps.table.putItem({ TableName: tableName, Item });
    } catch (error) {
      deps.telemetry.error("The run was not noted", error);
      throw error;
    }
    deps.telemetry.info("The run was noted", { at });
    return { noted: 1 };
  };
}
