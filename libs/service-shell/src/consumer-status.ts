/** What the admin API and the metrics ask of this process's consumer. */
export interface ConsumerStatus {
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  lags(): readonly { readonly topic: string; readonly partition: number; readonly lag: number }[];
}
