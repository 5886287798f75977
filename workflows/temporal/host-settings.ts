/** What a workflow has to know of its host; travels with its input, for a workflow has no environment. */
export interface HostSettings {
  /** Begins the names of this home's task queues and workflows. */
  readonly prefix: string;
  /** An activity not heard of for so long is given to another worker. */
  readonly heartbeatTimeoutMs: number;
  /** First wait before an activity is tried again; doubled up to a hundredfold. */
  readonly retryMs: number;
}

/** What a workflow is started with. */
export interface HostedInput<Input> {
  readonly host: HostSettings;
  readonly input: Input;
}
