import type { ObservabilityArgs } from "../building-blocks/component";

export interface WidgetApiArgs extends ObservabilityArgs {
  /**
   * Skeleton of the split OpenAPI document, with the operations of the sample. In a stack file it starts at the
   * project's folder.
   *
   * @minLength 1 @default "apps/widget-api/api/apiSkeleton.yaml"
   */
  document?: string;
  /** Name of the stage, with which the API's paths begin. @format stage-name @default "prod" */
  stageName?: string;
  /** Requests a second, and at once, that the API takes. @integer @minimum 1 @maximum 10000 @unit requests @default 100 */
  requestsPerSecond?: number;
  /**
   * Whether this API sets the role with which API Gateway writes logs: one API of an account and region does, and it is
   * the last to be deleted. Without any, AWS refuses the stage.
   *
   * @default false
   */
  accountLogRole?: boolean;
}
