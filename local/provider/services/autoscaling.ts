/** Amazon EC2 Auto Scaling. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html */
import type { Service } from "../resource-type";
import { group } from "./autoscaling/group";
import { lifecycleHook } from "./autoscaling/lifecycle-hook";
import { policy } from "./autoscaling/policy";

export const autoscaling: Service = { resources: [group, lifecycleHook, policy] };
