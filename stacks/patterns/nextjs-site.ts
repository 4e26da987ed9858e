import { checkNextjsSite } from "../../components/nextjs-site/checks";
import { NextjsSite, type NextjsSiteArgs } from "../../components/nextjs-site/nextjs-site";
import { FORMATS } from "../../components/internal/formats";
import type { Pattern } from "../pattern";

export const nextjsSite: Pattern<NextjsSiteArgs> = {
  formats: FORMATS,
  check: (args) => checkNextjsSite(args).found(),
  deploy(name, args, opts) {
    const component = new NextjsSite(name, args, opts);
    return {
      functionName: component.lambda.function.name,
      scheduleName: component.scheduleName,
      tableName: component.runs.name,
      deadLetterQueueUrl: component.lambda.deadLetters?.queue.url,
    };
  },
};
