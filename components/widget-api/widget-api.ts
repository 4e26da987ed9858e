import { join } from "node:path";
import type * as aws from "@pulumi/aws";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { OpenApiService } from "../building-blocks/open-api-service";
import { withDefaults } from "../internal/argument-checks";
import { OpenApiDocument } from "../open-api/document";
import { type OpenApiOperation, operationsOf } from "../open-api/operations";
import type { WidgetApiArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkWidgetApi } from "./checks";
import { widgetTable } from "./table";

export type * from "./args";

/** What the files of `operations/` get. */
export interface OperationContext {
  /** The name of the function, or of another resource of the operation. */
  readonly named: (role: string) => string;
  readonly child: ComponentOptions;
  readonly document: OpenApiDocument;
  readonly table: aws.dynamodb.Table;
}

/**
 * Widgets by REST, as the split document describes them: API Gateway → a function for each operation → a table.
 *
 * ```ts
 * new WidgetApi("widgets", { accountLogRole: true });
 * ```
 *
 * A new endpoint is a file below the document's `paths/` and a file in `operations/`, and changes no other. Arguments
 * win over defaults. Invariants: those of `OpenApiService`, and an encrypted table that is restorable and never scanned.
 *
 * @throws ArgumentsError as `OpenApiService` does
 * @see https://aws.amazon.com/blogs/devops/organize-your-aws-serverless-code-to-prevent-merge-conflicts/
 */
export class WidgetApi extends Component {
  readonly table: aws.dynamodb.Table;
  readonly service: OpenApiService;

  constructor(name: string, args: WidgetApiArgs = {}, opts?: ComponentOptions) {
    const checks = checkWidgetApi(args);
    checkName(checks, name);
    checks.finish(`WidgetApi "${name}"`);
    super("api", name, opts, { ...args });
    const settings = withDefaults(DEFAULTS.WidgetApiArgs, args);
    const document = new OpenApiDocument(settings.document);
    this.table = widgetTable(this.named("table"), this.child);
    const { stageName, requestsPerSecond, accountLogRole } = settings;
    this.service = new OpenApiService(
      this.named("service"),
      {
        document,
        operations: this.createOperations(document),
        stageName,
        requestsPerSecond,
        accountLogRole,
        ...alarmTopics(args),
      },
      this.child,
    );
    this.registerOutputs({ invokeUrl: this.service.stage.invokeUrl, tableName: this.table.name });
  }

  private createOperations(document: OpenApiDocument): Record<string, OpenApiOperation> {
    return operationsOf<OperationContext>(join(__dirname, "operations"), {
      named: (role) => this.named(role),
      child: this.child,
      document,
      table: this.table,
    });
  }
}
