/** Amazon SNS. https://docs.aws.amazon.com/sns/latest/api/ */
import type { Service } from "../resource-type";
import { topicSubscription } from "./sns/subscription";
import { topic, topicPolicy } from "./sns/topic";

export const sns: Service = { resources: [topic, topicPolicy, topicSubscription] };
