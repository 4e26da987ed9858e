/** What pages say of resources and permissions, and what is true of them, in forms that can be compared. */
import { ofType, type Registered } from "../support/mocks";
import { type Statement, statementsOf } from "../support/policies";
import { codes, rows, section } from "./markdown";

/** How many resources of each type there are, sorted. */
export function countsOf(resources: readonly Registered[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    const [, module, name] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
    if (module !== undefined) counts.set(`aws.${module}.${name}`, (counts.get(`aws.${module}.${name}`) ?? 0) + 1);
  }
  return [...counts].sort();
}

/** The same, as rows of a table with type and number say it. */
export function countsTold(table: readonly (readonly string[])[]): [string, number][] {
  return table.map(([type = "", count]): [string, number] => [codes(type)[0] ?? "", Number(count)]).sort();
}

/** Who may do what on which resource, as the page's permissions table says it, sorted. */
export function permissionsTold(page: string): string[] {
  const reported = rows(section(page, "Permissions")).flatMap(([role = "", actions = "", resource = ""]) =>
    codes(actions).map((action) => `${role}: ${action} on ${resource}`),
  );
  return reported.sort();
}

/**
 * Who may do what on which resource, as the roles' policies say it, sorted.
 *
 * @param rolePattern finds what the page calls a role in its name
 * @param called what the page calls a resource
 */
export function permissionsGiven(
  resources: readonly Registered[],
  rolePattern: RegExp,
  called: (arn: string, statement: Statement) => string,
): string[] {
  const given = ofType(resources, "aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) => {
    const [, role = ""] = rolePattern.exec(String(inputs.role)) ?? [];
    return statementsOf(inputs.policy).flatMap((statement) =>
      statement.Resource.flatMap((arn) =>
        statement.Action.map((action) => `${role}: ${action} on ${called(arn, statement)}`),
      ),
    );
  });
  return given.sort();
}
