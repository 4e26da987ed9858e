/** A service as IAM knows it. */
export interface IamService {
  readonly name: string;
  /** Actions that can be limited to resources, separated by spaces. */
  readonly withResources: string;
  /** Those for which `*` is the narrowest. */
  readonly withoutResources: string;
}

/** What the generated table has. */
export interface IamTable {
  readonly source: string;
  readonly package: string;
  readonly date: string;
  /** By prefix. */
  readonly services: Readonly<Record<string, IamService>>;
}
