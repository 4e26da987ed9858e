/** Apart from what uses it: components name it, and have no use for the service's client. */

/** What `OneOffSchedules` made: its `settings`. */
export interface OneOffSettings {
  readonly groupName: string;
  readonly roleArn: string;
  readonly targetArn: string;
  readonly deadLetterArn: string;
}
