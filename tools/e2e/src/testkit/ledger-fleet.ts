import { readFileSync, rmSync } from 'node:fs';
import { LedgerAdmin } from '@sluice/admin-client';
import { MessageKeys, signMessage } from '@sluice/signing';
import type { WireMessage } from '@sluice/messages';
import {
  DEMO_PERSON,
  layoutOf,
  SIMULATED_NAMES,
  startSystem,
  type LaunchedService,
  type System,
} from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { kafkaClient, newDataFolder } from '@sluice/test-servers';
import { AssignerProtocol, type Kafka } from 'kafkajs';
import { kafkaAdminOf } from './kafka-access.js';

const TOPIC = 'ledger.commands';

/** Any number of ledger processes on separate servers; no other service runs. */
export class LedgerFleet {
  readonly kafka: Kafka;
  private readonly intakeKeys: MessageKeys;
  private readonly instances = new Set<LaunchedService>();

  private constructor(
    private readonly system: System,
    private readonly folder: string,
  ) {
    this.intakeKeys = MessageKeys.parse(
      readFileSync(layoutOf(folder).messageKeysOf('intake-api'), 'utf8'),
    );
    this.kafka = kafkaClient(kafkaAdminOf(system), 'sluice-e2e');
  }

  static async start(): Promise<LedgerFleet> {
    const folder = newDataFolder('sluice-fleet-');
    return new LedgerFleet(
      await startSystem({ home: folder, serversOnly: true, venues: SIMULATED_NAMES }),
      folder,
    );
  }

  /** Signs a command the same way as intake-api. */
  readonly sign = (command: WireMessage): WireMessage =>
    signMessage(this.intakeKeys, 'ledger', command);

  async launch(): Promise<LaunchedService> {
    const instance = await this.system.launch('ledger');
    this.instances.add(instance);
    return instance;
  }

  async end(instance: LaunchedService, how: 'stop' | 'kill'): Promise<void> {
    this.instances.delete(instance);
    await instance[how]();
  }

  /**
   * Waits until `members` instances share the partitions, each with at least some partition.
   * Returns the number of partitions per instance.
   */
  async sharedBy(members: number): Promise<readonly number[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    const shares = await eventually(
      async () => {
        const [group] = (await admin.describeGroups(['ledger'])).groups;
        const counts = (group?.members ?? []).map(({ memberAssignment }) =>
          partitionsIn(memberAssignment),
        );
        if (group?.state !== 'Stable' || counts.length !== members || counts.includes(0))
          throw new Error(`${group?.state ?? 'no group'}: ${counts.join(' + ')} partitions`);
        return counts;
      },
      { withinMs: 40_000, everyMs: 100 },
    );
    await admin.disconnect();
    return shares;
  }

  /** Returns the admin client of an instance. */
  adminOf({ url }: LaunchedService, person = DEMO_PERSON): LedgerAdmin {
    const token = () => this.system.issuer.tokenOf(person);
    return new LedgerAdmin({ service: 'ledger', baseUrl: url, token, timeoutMs: 30_000 });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.instances].map((instance) => instance.stop()));
    await this.system.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function partitionsIn(assignment: Buffer): number {
  return assignment.length === 0
    ? 0
    : (AssignerProtocol.MemberAssignment.decode(assignment)?.assignment[TOPIC]?.length ?? 0);
}
