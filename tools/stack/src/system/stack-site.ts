import type { ProcessGuard, SupervisedProcess, SupervisorEvents } from '@sluice/test-servers';
import type { Layout } from '../layout/layout.js';
import { loadPorts, type StackPorts } from '../layout/stack-ports.js';
import { provideAuditKeys } from './audit-keys.js';
import { stackConfig } from './config.js';
import type { LocalTls } from './local-tls.js';
import type { SystemContext } from './service-environment.js';
import { loadSecrets, writeMessageKeys, type StackSecrets } from './stack-secrets.js';

/** Place of a system on this machine: paths, ports and secrets, and the owner of the processes. */
export interface StackSite {
  readonly layout: Layout;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  /** Null without TLS. */
  readonly tls: LocalTls | null;
  readonly java: string;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
  /** Called before a step taking long on the first start. */
  readonly notice: (text: string) => void;
  /**
   * Called immediately with each server process, to stop the process even if a later step fails.
   */
  readonly adopt: (process: SupervisedProcess) => void;
}

/** Parts of a site given by the caller; defaults apply to missing parts. */
type Given = Pick<StackSite, 'layout' | 'guard'> & Partial<Omit<StackSite, 'secrets'>>;

/** Provides the ports and secrets of a data folder, and writes the key file of each service. */
export async function openSite(given: Given): Promise<StackSite> {
  const { layout } = given;
  const secrets = loadSecrets(layout.secrets);
  writeMessageKeys(layout, secrets);
  return {
    tls: null,
    java: given.java ?? stackConfig().java,
    events: {},
    notice: () => undefined,
    adopt: () => undefined,
    ...given,
    ports: given.ports ?? (await loadPorts(layout.ports)),
    secrets,
  };
}

/** Returns the input for the environments of the services of a site. */
export function contextOf(
  { layout, ports, secrets, tls }: Pick<StackSite, 'layout' | 'ports' | 'secrets' | 'tls'>,
  addresses: Pick<
    SystemContext,
    'brokers' | 'kafkaAsksLogins' | 'databases' | 'issuer' | 'logLevel'
  >,
): SystemContext {
  return {
    ...addresses,
    ports,
    secrets,
    tls,
    auditKeys: provideAuditKeys(layout),
    walletKeys: layout.walletKeys,
    chainsFor: (name) => layout.chainsFor(name),
    messageKeysOf: (name) => layout.messageKeysOf(name),
  };
}
