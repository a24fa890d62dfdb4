import { readFileSync, rmSync } from 'node:fs';
import { LedgerAdmin } from '@sluice/admin-client';
import { MessageKeys, signMessage } from '@sluice/signing';
import { ledgerEvents, type WireMessage } from '@sluice/messages';
import {
  DEMO_PERSON,
  SIMULATED_NAMES,
  kafkaAccessOf,
  layoutOf,
  startSystem,
  type LaunchedService,
  type System,
} from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { kafkaClient, newDataFolder } from '@sluice/test-servers';
import { AssignerProtocol, type Consumer, type Kafka, type KafkaMessage } from 'kafkajs';

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
    this.kafka = kafkaClient(kafkaAccessOf(system.run), 'sluice-e2e');
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

/** Event seen by a consumer; for a repeated event, the first publication. */
interface ReceivedEvent {
  readonly id: string;
  readonly accountId: string;
  /** Id of the answered command. */
  readonly causationId: string;
  readonly answer: string;
}

/**
 * Answers to admin requests for opening and funding accounts; all other events answer sent
 * commands.
 */
const SET_UP = ['account-opened', 'account-funded'];

/**
 * Receives all answers to commands from the beginning of the topic, and recognises repetitions by
 * `ce_id` like any consumer.
 */
export class LedgerListener {
  readonly events: ReceivedEvent[] = [];
  /** Events published again under their id. */
  repeated = 0;
  /** Events published again under their id with other content. Time and MACs of a repeat may differ. */
  readonly contradictions: string[] = [];
  private readonly contents = new Map<string, string>();
  private readonly consumer: Consumer;

  constructor(kafka: Kafka) {
    this.consumer = kafka.consumer({ groupId: 'ledger-listener' });
  }

  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: ledgerEvents.name, fromBeginning: true });
    await this.consumer.run({ eachMessage: async ({ message }) => this.receive(message) });
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }

  /** Ids of the commands that have an answer. */
  answered(): ReadonlySet<string> {
    return new Set(this.events.map(({ causationId }) => causationId));
  }

  /** In the order of their topic. */
  byAccount(): ReadonlyMap<string, readonly ReceivedEvent[]> {
    return Map.groupBy(this.events, ({ accountId }) => accountId);
  }

  private receive({ key, value, headers = {} }: KafkaMessage): void {
    const header = (name: string): string => String(headers[name]);
    const stable = Object.entries(headers).filter(
      ([name]) => name !== 'ce_time' && !name.startsWith('sluice-mac'),
    );
    const [id, content] = [
      header('ce_id'),
      JSON.stringify([String(key), String(value), stable.map(String)]),
    ];
    const first = this.contents.get(id);
    if (first !== undefined) {
      this.repeated += 1;
      if (first !== content) this.contradictions.push(`${first} and ${content}`);
      return;
    }
    this.contents.set(id, content);
    const { reason, available } = JSON.parse(String(value)) as {
      reason?: string;
      available?: string;
    };
    const word = header('ce_type').replace(/^ledger\.(.+)\.v1$/, '$1');
    if (SET_UP.includes(word)) return;
    const answer = [word, ...(word === 'hold-refused' ? [available ?? reason] : [])].join(' ');
    this.events.push({ id, accountId: String(key), causationId: header('ce_causationid'), answer });
  }
}
