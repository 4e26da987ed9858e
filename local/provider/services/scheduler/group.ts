/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html */
import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import { containsUnknown, type Value, type Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { changedTags, ifMissing, known, settled, tagList, tagRecord, until, whileRefused } from "../support";

async function read({ account }: Operation, name: string): Promise<ResourceState | undefined> {
  const client = account.client(SchedulerClient);
  const group = await ifMissing(client.send(new GetScheduleGroupCommand({ Name: name })), ResourceNotFoundException);
  if (group === undefined) return undefined;
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: group.Arn }));
  const outputs = known({
    arn: group.Arn,
    creationDate: group.CreationDate?.toISOString(),
    lastModificationDate: group.LastModificationDate?.toISOString(),
    name: group.Name,
    state: group.State,
  });
  return { id: name, outputs: { ...outputs, tagsAll: tagRecord(Tags) } };
}

async function setTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(SchedulerClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: tagList(set) }));
  }
}

export function checkName(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value) || /^[\w.-]{1,64}$/.test(value)) return [];
  return [{ property, reason: `received "${value}"; 1 to 64 letters, digits and . _ -` }];
}

export const scheduleGroup: ResourceType = {
  token: "aws:scheduler/scheduleGroup:ScheduleGroup",
  properties: { name: "replace", namePrefix: "replace" },
  computed: ["arn", "creationDate", "lastModificationDate", "state"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  check: ({ name }) => checkName("name", name),
  async create(operation, inputs) {
    const name = text(inputs, "name");
    const command = new CreateScheduleGroupCommand({ Name: name, Tags: tagList(operation.tags) });
    await operation.account.client(SchedulerClient).send(command);
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    await setTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete(operation, name) {
    const client = operation.account.client(SchedulerClient);
    const remove = () => client.send(new DeleteScheduleGroupCommand({ Name: name }));
    await ifMissing(whileRefused(remove, ["ConflictException"]), ResourceNotFoundException);
    // The schedules of the group go first, in their own time.
    await until(`the schedule group ${name} to be gone`, async () =>
      (await read(operation, name)) === undefined ? true : undefined,
    );
  },
};
