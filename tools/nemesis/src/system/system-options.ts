import type { Environment } from '@sluice/stack';
import type { Random } from './random.js';

export interface SystemOptions {
  readonly folder: string;
  /** Checkout with the built services to run. */
  readonly code: string;
  readonly random: Random;
  /** Servers on small file systems, where they can be mounted. */
  readonly disks: boolean;
  /** The folder stays. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
  /** Number of instances of each service (default 2). */
  readonly instances?: 1 | 2;
  /** Number of Kafka brokers (default 1). With 3, no relay is placed in front of them. */
  readonly brokers?: 1 | 3;
  readonly postgresSettings?: Environment;
  /**
   * AUDITOR_PERMITS of connectors and signer (default advisory): a finding about a planted loss would
   * stop payments until two people close it.
   */
  readonly permits?: 'required' | 'advisory';
  /** Runs our own wallet, the signer and the chains as well. */
  readonly wallet?: boolean;
}
