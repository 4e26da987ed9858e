import * as pulumi from "@pulumi/pulumi";

/**
 * What an instance of a component is called for good: `project/stack/name` as they were when it was first deployed. The
 * stack's state keeps it, so that neither `pulumi stack rename` nor a component renamed with an alias changes the marks
 * and physical names that are made from it, which would make strangers of what is there already.
 *
 * @param name of the resource that keeps it
 * @param componentName of the component that is called so
 */
export function lastingIdentity(
  name: string,
  componentName: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const input = `${pulumi.getProject()}/${pulumi.getStack()}/${componentName}`;
  const stash = new pulumi.Stash(name, { input }, { ...opts, ignoreChanges: ["input"] });
  // Mocks that answer nothing but the inputs know no output.
  return (stash.output as pulumi.Output<string | undefined>).apply((first) => first ?? input);
}
