/** What this environment is meant to be like, where the tables of the code do not say it. */
export interface KafkaNeeds {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Logins beside the services' and the readers' that are meant to be there. */
  readonly knownLogins: readonly string[];
  /** As whom the command looks; it is meant to be there. */
  readonly administrator: string | null;
  /** Whether the command speaks TLS itself. */
  readonly isEncrypted: boolean;
}
