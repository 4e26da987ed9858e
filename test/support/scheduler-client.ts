/** A module of the test's own, since callbacks import no packages. */
export { SchedulerClient } from "@aws-sdk/client-scheduler";
