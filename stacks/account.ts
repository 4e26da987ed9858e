/** An account with every default filled in. */
export interface Account {
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly roleArn: string;
  readonly externalId?: string;
  readonly tags: Readonly<Record<string, string>>;
}
