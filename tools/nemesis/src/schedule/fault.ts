import type { ChainNetwork, ServiceName, SimulatedName } from '@sluice/stack';
import type { RequestFault } from '../system/request-fault.js';
import type { InstanceName } from '../system/names.js';
import type { Direction } from '@sluice/test-kit';

/** Values of `--faults`. */
export const FAULT_GROUPS = [
  'kill',
  'freeze',
  'clock',
  'venue',
  'chain',
  'network',
  'database',
  'broker',
  'log-loss',
  'corruption',
  'group-reset',
  'restore',
  'disk',
] as const;
export type FaultGroup = (typeof FAULT_GROUPS)[number];

/**
 * A fault. A lasting fault states the duration; other faults are over at once, and the services
 * recover on their own.
 */
export type Fault =
  | { readonly group: 'kill'; readonly process: InstanceName }
  | { readonly group: 'freeze'; readonly process: InstanceName; readonly forMs: number }
  | {
      readonly group: 'clock';
      /** `all`: every process and PostgreSQL, as when the clock of their machine is stepped. */
      readonly process: InstanceName | 'all';
      readonly offsetMs: number;
      readonly forMs: number;
      readonly restart: boolean;
    }
  | {
      readonly group: 'venue';
      readonly venue: SimulatedName;
      readonly requestFault: RequestFault;
      readonly share: number;
      readonly forMs: number;
    }
  | {
      readonly group: 'venue';
      readonly venue: SimulatedName;
      readonly simulator: 'listing-lags' | 'status-goes-back';
      readonly ms: number;
      readonly forMs: number;
    }
  | ChainFault
  | {
      readonly group: 'network';
      readonly to: InstanceName;
      readonly condition: NetworkCondition;
      readonly forMs: number;
    }
  | {
      readonly group: 'network';
      readonly to: 'kafka';
      readonly condition: NetworkCondition;
      readonly forMs: number;
    }
  | {
      readonly group: 'database';
      readonly action: 'end-sessions';
      readonly of: ServiceName;
      readonly times: number;
    }
  | {
      readonly group: 'database';
      readonly action: 'lock';
      readonly of: ServiceName;
      readonly table: string;
      readonly forMs: number;
    }
  | { readonly group: 'database'; readonly action: 'kill-postmaster' }
  | { readonly group: 'broker'; readonly action: 'kill' }
  | { readonly group: 'broker'; readonly action: 'freeze'; readonly forMs: number }
  | {
      readonly group: 'log-loss';
      readonly action: 'delete-records' | 'recreate-topic' | 'cut-tails';
      readonly topics: readonly string[];
    }
  | { readonly group: 'corruption'; readonly topic: string; readonly reader: ServiceName }
  | { readonly group: 'group-reset'; readonly service: ServiceName }
  | {
      readonly group: 'restore';
      readonly what: 'all' | ServiceName;
      /** The services stay up: their database goes back under them, as by a fail-over to a standby that lags. */
      readonly live: boolean;
      readonly backMs: number;
    }
  | { readonly group: 'disk'; readonly of: 'postgres' | 'kafka'; readonly forMs: number };

/**
 * Subjects of a node's lie: success of a transaction, logs of a transaction, number of mined
 * transactions, gas price.
 */
export const LIES = ['status', 'logs', 'nonce', 'gas-price'] as const;
export type Lie = (typeof LIES)[number];

/** Limits and habits of real nodes: lists of calls, block tags, fees, and fields of receipts. */
export const NODE_HABITS = [
  'no lists',
  'reversed lists',
  'a page for a list',
  'gaps in lists',
  'no finalized block',
  'a least tip',
  'receipts with gaps',
] as const;
export type NodeHabit = (typeof NODE_HABITS)[number];

/** A fault of a wallet chain, or of a node queried by the wallet. */
export type ChainFault = { readonly group: 'chain'; readonly chain: ChainNetwork } & (
  | { readonly action: 'reorg'; readonly depth: number }
  | { readonly action: 'drop-pool'; readonly forMs: number }
  | { readonly action: 'lie'; readonly about: Lie; readonly node: number; readonly forMs: number }
  | {
      readonly action: 'odd-node';
      readonly habit: NodeHabit;
      readonly node: number;
      readonly forMs: number;
    }
  | { readonly action: 'node-down'; readonly node: number; readonly forMs: number }
  | { readonly action: 'freeze-node'; readonly forMs: number }
  | { readonly action: 'restart-node' }
);

/** Condition of a single direction of a relay, or of both. */
export interface NetworkCondition {
  readonly kind: 'slow' | 'swallow' | 'refuse';
  readonly direction: Direction | 'both';
  readonly ms: number;
}

export interface ScheduledFault {
  readonly number: number;
  /** Since the load began. */
  readonly atMs: number;
  readonly fault: Fault;
}

/**
 * Name of the fault's kind in the verdict. A long enough schedule contains each kind at least once.
 */
export function kindOf(fault: Fault): string {
  switch (fault.group) {
    case 'kill':
    case 'freeze':
    case 'corruption':
    case 'group-reset':
      return fault.group;
    case 'clock':
      return fault.process === 'all' ? 'clock of the machine' : 'clock of a process';
    case 'venue':
      return 'requestFault' in fault ? fault.requestFault.kind : fault.simulator;
    case 'chain':
      return fault.action === 'lie' ? `node lies about ${fault.about}` : fault.action;
    case 'network':
      return `${fault.to === 'kafka' ? 'Kafka' : 'PostgreSQL'} ${fault.condition.kind}`;
    case 'database':
    case 'broker':
    case 'log-loss':
      return `${fault.group} ${fault.action}`;
    case 'restore':
      return `restore of ${restoredOf(fault.what)}, ${fault.live ? 'live' : 'stopped'}`;
    case 'disk':
      return `disk of ${fault.of}`;
  }
}

/** Venue or chain of the fault; undefined for other faults. */
export function placeOf(fault: Fault): string | undefined {
  if (fault.group === 'venue') return fault.venue;
  return fault.group === 'chain' ? fault.chain : undefined;
}

function restoredOf(what: 'all' | ServiceName): string {
  return what.startsWith('connector-') ? 'a connector' : what;
}

/** Describes a fault in a single line, for the report and the trace of a broken withdrawal. */
export function describe(fault: Fault): string {
  switch (fault.group) {
    case 'kill':
      return `kill -9 ${fault.process}`;
    case 'freeze':
      return `freeze ${fault.process} for ${seconds(fault.forMs)}`;
    case 'clock':
      return `clock of ${fault.process === 'all' ? 'the whole machine' : fault.process} ${fault.offsetMs < 0 ? '−' : '+'}${seconds(Math.abs(fault.offsetMs))} for ${seconds(fault.forMs)}${fault.restart ? ', from its start' : ''}`;
    case 'venue':
      return 'requestFault' in fault
        ? `${fault.venue} ${fault.requestFault.kind}${'ms' in fault.requestFault ? ` by ${seconds(fault.requestFault.ms)}` : ''} for ${seconds(fault.forMs)}, ${Math.round(fault.share * 100)} %`
        : `${fault.venue} ${fault.simulator}${fault.ms > 0 ? ` by ${seconds(fault.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'chain':
      return describeChain(fault);
    case 'network':
      return `network between ${fault.to === 'kafka' ? 'all services and Kafka' : `${fault.to} and PostgreSQL`}: ${fault.condition.kind} ${fault.condition.direction}${fault.condition.ms > 0 ? ` by ${seconds(fault.condition.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'database':
      return describeDatabase(fault);
    case 'broker':
      return fault.action === 'kill' ? 'kill -9 Kafka' : `freeze Kafka for ${seconds(fault.forMs)}`;
    case 'log-loss':
      return `${fault.action} of ${fault.topics.join(', ')}`;
    case 'corruption':
      return `a changed digit in ${fault.topic} before ${fault.reader} reads it`;
    case 'group-reset':
      return `consumer group of ${fault.service} set back to the earliest record`;
    case 'restore':
      return `${fault.what === 'all' ? 'all databases' : `database of ${fault.what}`}  restored to ${seconds(fault.backMs)} earlier${fault.live ? ' while the services run' : ''}`;
    case 'disk':
      return `disk of ${fault.of} full for ${seconds(fault.forMs)}`;
  }
}

function describeChain(fault: ChainFault): string {
  const { chain } = fault;
  switch (fault.action) {
    case 'reorg':
      return `chain ${chain}: a reorganisation of ${fault.depth} blocks`;
    case 'drop-pool':
      return `chain ${chain}: the mempool is dropped for ${seconds(fault.forMs)}`;
    case 'lie':
      return `chain ${chain}: node ${fault.node + 1} lies about ${fault.about} for ${seconds(fault.forMs)}`;
    case 'odd-node':
      return `chain ${chain}: node ${fault.node + 1} has ${fault.habit} for ${seconds(fault.forMs)}`;
    case 'node-down':
      return `chain ${chain}: node ${fault.node + 1} is down for ${seconds(fault.forMs)}`;
    case 'freeze-node':
      return `chain ${chain}: the node behind every address is frozen for ${seconds(fault.forMs)}`;
    case 'restart-node':
      return `chain ${chain}: the node behind every address is restarted, and its mempool is gone`;
  }
}

function describeDatabase(fault: Extract<Fault, { group: 'database' }>): string {
  if (fault.action === 'kill-postmaster') return 'kill -9 of the postmaster';
  return fault.action === 'lock'
    ? `table ${fault.table} of ${fault.of} locked for ${seconds(fault.forMs)}`
    : `sessions of ${fault.of} ended ${fault.times} times`;
}

function seconds(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  return ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
