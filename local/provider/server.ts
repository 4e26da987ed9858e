/**
 * Pulumi's ResourceProvider protocol for the stand-in `aws` provider. Written against the protocol itself, since
 * `provider.main` of the Node.js SDK passes neither Configure nor previews on.
 */
import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Account, checkConfiguration } from "./account";
import { type Change, topLevel } from "./diff";
import * as lifecycle from "./lifecycle";
import { containsUnknown, fromStruct, secretNames, toStruct, type Values } from "./property-values";
import { noteLacking, refuseLacking } from "./own-programs";
import { findFunction, findResource, isNotedLacking } from "./registry";
import type { CheckFailure, ResourceType } from "./resource-type";

const VERSION = "7.48.0";

function checkFailures(failures: readonly CheckFailure[]): proto.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(`${property}: ${reason}`);
    return failure;
  });
}

const KINDS = {
  add: { update: proto.PropertyDiff.Kind.ADD, replace: proto.PropertyDiff.Kind.ADD_REPLACE },
  delete: { update: proto.PropertyDiff.Kind.DELETE, replace: proto.PropertyDiff.Kind.DELETE_REPLACE },
  update: { update: proto.PropertyDiff.Kind.UPDATE, replace: proto.PropertyDiff.Kind.UPDATE_REPLACE },
};

function diffResponse(found: readonly Change[], deleteBeforeReplace: boolean): proto.DiffResponse {
  const response = new proto.DiffResponse();
  response.setChanges(
    found.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
  );
  const names = (list: readonly Change[]): string[] => [...new Set(list.map(({ path }) => topLevel(path)))];
  response.setDiffsList(names(found));
  response.setReplacesList(names(found.filter(({ effect }) => effect === "replace")));
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of found) {
    const detail = new proto.PropertyDiff();
    detail.setKind(KINDS[change.kind][change.effect]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

/** A gRPC error; for a resource that exists but is not complete it carries the resource, so that it is not lost. */
function grpcError(error: unknown): Partial<grpc.StatusObject> {
  if (!(error instanceof lifecycle.IncompleteResourceError)) {
    return { code: grpc.status.UNKNOWN, details: describe(error) };
  }
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.state.id);
  detail.setProperties(toStruct(error.state.outputs, error.secrets));
  detail.setReasonsList([describe(error.reason)]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(describe(error));
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: describe(error), metadata };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = error.name === "Error" ? "" : `${error.name}: `;
  return `${code}${error.message}`;
}

function unary<Request, Response>(
  method: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => method(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(grpcError(error)),
      );
  };
}

/**
 * The inputs of the last update. An import has none, nor any state: the engine sends nothing but the id. A refresh
 * sends what it has, however little that is.
 */
export function lastInputs(request: proto.ReadRequest): Values | undefined {
  const isImport = !request.hasInputs() && Object.keys(fromStruct(request.getProperties())).length === 0;
  return isImport ? undefined : fromStruct(request.getInputs());
}

class ResourceProvider {
  /** Undefined while the provider's own configuration is unknown, as in a preview of a new account. */
  private account: Account | undefined;

  private accountFor(values: Values): Account | undefined {
    const region = values.region;
    if (this.account === undefined || typeof region !== "string" || containsUnknown(region)) return this.account;
    return this.account.in(region);
  }

  private configuredAccount(values: Values): Account {
    const account = this.accountFor(values);
    if (account === undefined) throw new Error("the provider's configuration is not known yet");
    return account;
  }

  private async located<T>(verb: string, type: ResourceType, urn: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error)
        error.message = `${verb} ${type.token} "${lifecycle.logicalName(urn)}": ${error.message}`;
      throw error;
    }
  }

  handshake(): proto.ProviderHandshakeResponse {
    const response = new proto.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  checkConfig(request: proto.CheckRequest): proto.CheckResponse {
    const response = new proto.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(checkFailures(checkConfiguration(fromStruct(request.getNews()))));
    return response;
  }

  diffConfig(request: proto.DiffRequest): proto.DiffResponse {
    const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
    const news = fromStruct(request.getNews());
    const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
    const changed = [...names].filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
    const found = changed.map((path): Change => {
      // Another region or account means other resources, not the same ones changed.
      const effect = path === "region" || path === "allowedAccountIds" ? "replace" : "update";
      return { path, kind: "update", effect };
    });
    return diffResponse(found, false);
  }

  configure(request: proto.ConfigureRequest): proto.ConfigureResponse {
    const configuration = fromStruct(request.getArgs());
    this.account = containsUnknown(configuration) ? undefined : new Account(configuration);
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    response.setAcceptsecrets(true);
    return response;
  }

  async invoke(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
    const definition = findFunction(request.getTok());
    const args = fromStruct(request.getArgs());
    const response = new proto.InvokeResponse();
    const unmapped = Object.keys(args).filter((name) => name !== "region" && !definition.arguments.includes(name));
    if (unmapped.length > 0) {
      const reason = `the local provider does not map this argument of ${definition.token}; add it in ${lifecycle.fileOf(definition)}`;
      response.setFailuresList(checkFailures(unmapped.map((property) => ({ property, reason }))));
      return response;
    }
    response.setReturn(toStruct(await definition.invoke(this.configuredAccount(args), args)));
    return response;
  }

  check(request: proto.CheckRequest): proto.CheckResponse {
    if (isNotedLacking(request.getUrn())) {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }
    const type = findResource(request.getUrn());
    const olds = fromStruct(request.getOlds());
    const news = fromStruct(request.getNews());
    const account = this.accountFor(news);
    const seed = request.getRandomseed_asU8();
    const { inputs, failures } = lifecycle.check(type, request.getUrn(), olds, news, seed, account);
    const response = new proto.CheckResponse();
    response.setInputs(toStruct(inputs, secretNames(request.getNews())));
    const wrong = failures.filter((it) => it.isUnmapped !== true || !noteLacking(`${type.token}.${it.property}`));
    response.setFailuresList(checkFailures(wrong));
    return response;
  }

  diff(request: proto.DiffRequest): proto.DiffResponse {
    const type = findResource(request.getUrn());
    const olds = fromStruct(request.getOldInputs());
    const news = fromStruct(request.getNews());
    const found = lifecycle.diff(type, olds, news, request.getIgnorechangesList());
    return diffResponse(found, lifecycle.deletesBeforeReplace(type, news));
  }

  async create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const response = new proto.CreateResponse();
    if (!request.getPreview()) refuseLacking();
    else if (isNotedLacking(request.getUrn())) {
      response.setProperties(request.getProperties());
      return response;
    }
    const type = findResource(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    const secrets = secretNames(request.getProperties());
    if (request.getPreview()) {
      response.setProperties(toStruct(lifecycle.preview(type, this.accountFor(inputs), inputs), secrets));
      return response;
    }
    const account = this.configuredAccount(inputs);
    const { id, outputs } = await this.located("creating", type, request.getUrn(), () =>
      lifecycle.create(type, account, request.getUrn(), inputs, secrets),
    );
    response.setId(id);
    response.setProperties(toStruct(outputs, secrets));
    return response;
  }

  async read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const type = findResource(request.getUrn());
    const state = fromStruct(request.getProperties());
    const account = this.configuredAccount(state);
    const found = await this.located("reading", type, request.getUrn(), () =>
      lifecycle.read(type, account, request.getUrn(), request.getId(), state, lastInputs(request)),
    );
    const response = new proto.ReadResponse();
    if (found === undefined) return response;
    response.setId(found.id);
    const secrets = secretNames(request.getProperties(), request.getInputs());
    response.setProperties(toStruct(found.outputs, secrets));
    response.setInputs(toStruct(found.inputs, secrets));
    return response;
  }

  async update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const type = findResource(request.getUrn());
    const state = fromStruct(request.getOlds());
    const news = fromStruct(request.getNews());
    const secrets = secretNames(request.getNews());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      const before = { state, inputs: fromStruct(request.getOldInputs()) };
      response.setProperties(toStruct(lifecycle.preview(type, this.accountFor(news), news, before), secrets));
      return response;
    }
    const account = this.configuredAccount(news);
    const outputs = await this.located("updating", type, request.getUrn(), () =>
      lifecycle.update(
        type,
        account,
        request.getUrn(),
        request.getId(),
        state,
        news,
        fromStruct(request.getOldInputs()),
      ),
    );
    response.setProperties(toStruct(outputs, secrets));
    return response;
  }

  async delete(request: proto.DeleteRequest): Promise<Empty> {
    const type = findResource(request.getUrn());
    const state = fromStruct(request.getProperties());
    const account = this.configuredAccount(state);
    await this.located("deleting", type, request.getUrn(), () =>
      lifecycle.remove(type, account, request.getUrn(), request.getId(), state),
    );
    return new Empty();
  }

  getPluginInfo(): plugin.PluginInfo {
    const info = new plugin.PluginInfo();
    info.setVersion(VERSION);
    return info;
  }
}

/** Serves the provider on a free loopback port and answers that port. */
export function serve(): Promise<{ port: number; server: grpc.Server }> {
  const provider = new ResourceProvider();
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  // Methods left out (Construct, Call, GetSchema, ...) answer UNIMPLEMENTED, which the engine understands.
  const implementation: Partial<IResourceProviderServer> = {
    handshake: unary(() => provider.handshake()),
    checkConfig: unary((request: proto.CheckRequest) => provider.checkConfig(request)),
    diffConfig: unary((request: proto.DiffRequest) => provider.diffConfig(request)),
    configure: unary((request: proto.ConfigureRequest) => provider.configure(request)),
    invoke: unary((request: proto.InvokeRequest) => provider.invoke(request)),
    check: unary((request: proto.CheckRequest) => provider.check(request)),
    diff: unary((request: proto.DiffRequest) => provider.diff(request)),
    create: unary((request: proto.CreateRequest) => provider.create(request)),
    read: unary((request: proto.ReadRequest) => provider.read(request)),
    update: unary((request: proto.UpdateRequest) => provider.update(request)),
    delete: unary((request: proto.DeleteRequest) => provider.delete(request)),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => provider.getPluginInfo()),
  };
  server.addService(ResourceProviderService, implementation as grpc.UntypedServiceImplementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, server });
    });
  });
}
