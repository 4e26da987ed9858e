import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Whether a target is a path of unit names from the organization's root, such as `/Workloads/Web`. */
export function isUnitPath(target: string): boolean {
  // AWS takes names of up to 128 characters, and five levels of units.
  return /^\/$|^(\/[^/]{1,128}){1,5}$/.test(target);
}

/** Ids of the targets of service control policies; paths are looked up in the account's organization, once each. */
export class OrganizationTree {
  private readonly ids = new Map<string, pulumi.Output<string>>();

  constructor(private readonly opts: pulumi.InvokeOptions) {}

  idOf(target: string): pulumi.Output<string> {
    if (!isUnitPath(target)) return pulumi.output(target);
    const known = this.ids.get(target) ?? this.lookUp(target);
    this.ids.set(target, known);
    return known;
  }

  private lookUp(path: string): pulumi.Output<string> {
    if (path === "/") return aws.organizations.getOrganizationOutput({}, this.opts).roots.apply(rootId);
    const slash = path.lastIndexOf("/");
    const parentId = this.idOf(slash === 0 ? "/" : path.slice(0, slash));
    return aws.organizations.getOrganizationalUnitOutput({ parentId, name: path.slice(slash + 1) }, this.opts).id;
  }
}

/** There is exactly one root; none where the mocks of a test make up no answers. */
function rootId(roots: readonly { id: string }[] | undefined): string {
  return roots?.[0]?.id ?? "";
}
