import type { ObservabilityArgs } from "../building-blocks/component";
import type { Canary } from "../building-blocks/snap-start-function";

export interface SnapstartArgs extends ObservabilityArgs {
  /**
   * Path of the function's JAR, ZIP archive or folder: `apps/snapstart-java/target/function` once that is built. In a
   * stack file it starts at the project's folder.
   *
   * @minLength 1
   */
  code: string;
  /** Class that is called. @minLength 1 @default "records.RecordsHandler" */
  handler?: string;
  /** Lambda's name of the runtime: Java 11, Python 3.12, .NET 8 or later. @format snap-start-runtime @default "java25" */
  runtime?: string;
  /** Memory, which decides the CPU too. @integer @minimum 128 @maximum 10240 @unit MB @default 1024 */
  memoryMegabytes?: number;
  /** How a new version is tried. @default none: all requests go to it once it is active */
  canary?: Canary;
  /** SecureString in Parameter Store with the key that receipts are made with. @format parameter-path */
  keyParameter: string;
  /** Who may call the API: those whom IAM gives leave, or everybody. @default "AWS_IAM" */
  authorization?: "AWS_IAM" | "NONE";
  /** Requests a second, and at once, that the API takes. @integer @minimum 1 @maximum 10000 @unit requests @default 100 */
  requestsPerSecond?: number;
}
