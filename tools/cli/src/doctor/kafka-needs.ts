/** Intended properties of this environment, not contained in the tables of the code. */
export interface KafkaNeeds {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Expected logins beside the logins of services and readers. */
  readonly knownLogins: readonly string[];
  /** Login of this command; always expected. */
  readonly administrator: string | null;
  /** True if this command connects with TLS. */
  readonly isEncrypted: boolean;
}
