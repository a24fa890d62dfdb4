/**
 * Rules that cannot be read or counted. The batch waits in Kafka, because refused withdrawals would
 * be allowed otherwise.
 */
export class UnusableRulesError extends Error {
  /** SQLSTATE class 57, operator intervention: libs/kafka retries errors of this class. */
  readonly code = '57H03';

  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}
