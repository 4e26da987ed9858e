import * as assert from "node:assert/strict";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeNetworkInterfacesCommand,
  DisassociateAddressCommand,
  EC2Client,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { until } from "../support/cloud";
import { boston, carrierIp, idOf, InstanceLab } from "../support/instances";
import { given } from "../support/network";

const account = "222222222222";

describe("the local cloud's EC2 instances", () => {
  let lab: InstanceLab;
  let ec2: EC2Client;

  before(async () => {
    lab = await InstanceLab.start(account);
    ({ ec2 } = lab);
  });
  after(() => lab?.stop());

  const reaches = (id: string, state: string): Promise<Instance> =>
    until(`${id} to be ${state}`, async () => {
      const found = await lab.describe(id);
      return found.State?.Name === state && found;
    });
  const stateEvents = (id: string): unknown[] =>
    lab.events.events
      .filter((e) => e["detail-type"] === "EC2 Instance State-change Notification" && e.detail["instance-id"] === id)
      .map((e) => e.detail["state"]);
  const waitForState = (id: string, state: string) =>
    lab.events.waitFor(
      `the event that ${id} is ${state}`,
      (e) => e.detail["instance-id"] === id && e.detail["state"] === state,
    );

  it("get a carrier IP, no public one, and a private address of their subnet in a Wavelength Zone", async () => {
    const launched = await lab.run();
    assert.equal(launched.State?.Name, "pending");
    const instance = await reaches(idOf(launched), "running");
    assert.equal(instance.Placement?.AvailabilityZone, boston);
    assert.match(given(instance.PrivateIpAddress, "PrivateIpAddress"), /^10\.7\.(\d|1[0-5])\.\d+$/);
    const association = given(instance.NetworkInterfaces?.[0]?.Association, "association");
    assert.match(given(association.CarrierIp, "CarrierIp"), /^155\.146\./);
    assert.equal(association.IpOwnerId, "amazon");
    assert.equal(association.PublicIp, undefined);
    assert.equal(instance.PublicIpAddress, association.CarrierIp);
    const interfaces = await ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: "attachment.instance-id", Values: [idOf(instance)] }],
      }),
    );
    assert.equal(interfaces.NetworkInterfaces?.[0]?.Association?.CarrierIp, association.CarrierIp);
    assert.equal(instance.MetadataOptions?.HttpTokens, "optional");
    assert.equal(instance.Architecture, "x86_64");
  });

  it("announce every change of state as AWS does", async () => {
    const id = idOf(await lab.run());
    const running = await waitForState(id, "running");
    const { id: eventId, time, ...rest } = running;
    assert.match(eventId, /^[0-9a-f-]{36}$/);
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(rest, {
      version: "0",
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account,
      region: "us-east-1",
      resources: [`arn:aws:ec2:us-east-1:${account}:instance/${id}`],
      detail: { "instance-id": id, state: "running" },
    });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await waitForState(id, "stopped");
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await lab.events.waitFor("the second start", () => stateEvents(id).filter((s) => s === "running").length === 2);
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await waitForState(id, "terminated");
    assert.deepEqual(stateEvents(id), [
      "pending",
      "running",
      "stopping",
      "stopped",
      "pending",
      "running",
      "shutting-down",
      "terminated",
    ]);
  });

  it("lose their carrier IP when stopped and get another when started", async () => {
    const id = idOf(await lab.run());
    const before = given(carrierIp(await reaches(id, "running")), "carrier IP");
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    assert.equal(carrierIp(await lab.describe(id)), before);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    assert.equal(carrierIp(await reaches(id, "stopped")), undefined);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    const started = given(carrierIp(await reaches(id, "running")), "carrier IP");
    assert.notEqual(started, before);
  });

  it("change their carrier IP when an allocated one is associated, keep it over a stop, and change back", async () => {
    const id = idOf(await lab.run());
    const automatic = carrierIp(await reaches(id, "running"));
    const allocated = await ec2.send(new AllocateAddressCommand({ NetworkBorderGroup: boston }));
    const { AssociationId } = await ec2.send(
      new AssociateAddressCommand({ AllocationId: allocated.AllocationId, InstanceId: id }),
    );
    const associated = (await lab.describe(id)).NetworkInterfaces?.[0]?.Association;
    assert.deepEqual([associated?.CarrierIp, associated?.IpOwnerId], [allocated.CarrierIp, account]);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    assert.equal(carrierIp(await reaches(id, "stopped")), allocated.CarrierIp);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, "running");
    await ec2.send(new DisassociateAddressCommand({ AssociationId }));
    const afterwards = given(carrierIp(await lab.describe(id)), "carrier IP");
    assert.notEqual(afterwards, automatic);
    assert.notEqual(afterwards, allocated.CarrierIp);
    const regional = await ec2.send(new AllocateAddressCommand({}));
    await assert.rejects(
      ec2.send(new AssociateAddressCommand({ AllocationId: regional.AllocationId, InstanceId: id })),
      { name: "InvalidParameterCombination" },
    );
  });

  it("leave nothing behind when they end", async () => {
    const id = idOf(await lab.run());
    const running = await reaches(id, "running");
    const NetworkInterfaceIds = [given(running.NetworkInterfaces?.[0]?.NetworkInterfaceId, "interface")];
    const response = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    assert.equal(response.TerminatingInstances?.[0]?.CurrentState?.Name, "shutting-down");
    assert.equal(response.TerminatingInstances?.[0]?.PreviousState?.Name, "running");
    assert.equal(carrierIp(await lab.describe(id)), undefined);
    const ended = await reaches(id, "terminated");
    assert.deepEqual([ended.NetworkInterfaces, ended.SubnetId, ended.PrivateIpAddress], [[], undefined, undefined]);
    assert.equal(ended.StateReason?.Code, "Client.UserInitiatedShutdown");
    await assert.rejects(ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds })), {
      name: "InvalidNetworkInterfaceID.NotFound",
    });
    await assert.rejects(ec2.send(new StartInstancesCommand({ InstanceIds: [id] })), {
      name: "IncorrectInstanceState",
    });
  });

  it("end without warning when their hardware fails", async () => {
    const id = idOf(await lab.run());
    await reaches(id, "running");
    const response = await fetch(`${lab.cloud.endpoint}/_aws-patterns/kill-instance?instanceId=${id}`, {
      method: "POST",
    });
    assert.deepEqual(await response.json(), { instanceId: id, account, region: "us-east-1" });
    const ended = await reaches(id, "terminated");
    assert.equal(ended.StateReason?.Code, "Server.InternalError");
    const missing = await fetch(`${lab.cloud.endpoint}/_aws-patterns/kill-instance?instanceId=i-0`, { method: "POST" });
    assert.equal(missing.status, 400);
  });

  it("are warned of before a Spot interruption, with the zone in the ARN as AWS writes it", async () => {
    const id = idOf(await lab.run({ InstanceMarketOptions: { MarketType: "spot" } }));
    await reaches(id, "running");
    await assert.rejects(ec2.send(new StopInstancesCommand({ InstanceIds: [id] })), { name: "UnsupportedOperation" });
    await fetch(`${lab.cloud.endpoint}/_aws-patterns/spot-interruption?instanceId=${id}&noticeSeconds=0`, {
      method: "POST",
    });
    const warning = await lab.events.waitFor(
      "the warning",
      (e) => e["detail-type"] === "EC2 Spot Instance Interruption Warning",
    );
    assert.deepEqual(warning.resources, [`arn:aws:ec2:${boston}:instance/${id}`]);
    assert.deepEqual(warning.detail, { "instance-id": id, "instance-action": "terminate" });
    assert.equal((await reaches(id, "terminated")).StateReason?.Code, "Server.SpotInstanceTermination");
  });

  it("end unnoticed when their events are lost on request, and only those", async () => {
    const type = "EC2 Instance State-change Notification";
    const id = idOf(await lab.run());
    await waitForState(id, "running");
    await fetch(
      `${lab.cloud.endpoint}/_aws-patterns/lose-events?detailType=${encodeURIComponent(type)}&count=1&account=${account}`,
      { method: "POST" },
    );
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await waitForState(id, "terminated");
    assert.deepEqual(stateEvents(id), ["pending", "running", "terminated"]);
    const lost = (await (await fetch(`${lab.cloud.endpoint}/_aws-patterns/lost-events`)).json()) as unknown[];
    assert.deepEqual(lost, [{ detailType: type, detail: { "instance-id": id, state: "shutting-down" } }]);
  });
});
