import { CostReport, type CostReportArgs } from "../../components/cost-report/cost-report";
import { checkCostReport } from "../../components/cost-report/checks";
import { FORMATS } from "../../components/cost-report/formats";
import type { Pattern } from "../pattern";

export const costReport: Pattern<CostReportArgs> = {
  formats: FORMATS,
  check: (args) => checkCostReport(args).found(),
  deploy(name, args, opts) {
    const component = new CostReport(name, args, opts);
    return {
      functionName: component.lambda.function.name,
      scheduleName: component.scheduleName,
      bucketName: component.archive.bucket.bucket,
      tableName: component.deliveries.name,
      configurationSetName: component.mail.configurationSet.configurationSetName,
      deadLetterQueueUrl: component.lambda.deadLetters?.queue.url,
    };
  },
};
