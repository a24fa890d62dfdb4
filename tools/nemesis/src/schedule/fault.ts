import type { ServiceName, SimulatedName } from '@sluice/stack';
import type { RequestFault } from '../system/request-fault.js';
import type { InstanceName } from '../system/names.js';
import type { Direction } from '../system/tcp-relay.js';

/** What `--faults` takes. */
export const FAULT_GROUPS = [
  'kill',
  'freeze',
  'clock',
  'venue',
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

/** One thing that goes wrong. What lasts says how long; what does not is over at once, and its remedy is the services' own affair. */
export type Fault =
  | { readonly group: 'kill'; readonly process: InstanceName }
  | { readonly group: 'freeze'; readonly process: InstanceName; readonly forMs: number }
  | {
      readonly group: 'clock';
      readonly process: InstanceName;
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
  | { readonly group: 'restore'; readonly what: 'all' | SimulatedName; readonly backMs: number }
  | { readonly group: 'disk'; readonly of: 'postgres' | 'kafka'; readonly forMs: number };

/** Of one direction of a relay, or of both. */
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

/** A fault in one line, for the report and the trace of a broken withdrawal. */
export function describe(fault: Fault): string {
  switch (fault.group) {
    case 'kill':
      return `kill -9 ${fault.process}`;
    case 'freeze':
      return `freeze ${fault.process} for ${seconds(fault.forMs)}`;
    case 'clock':
      return `clock of ${fault.process} ${fault.offsetMs < 0 ? '−' : '+'}${seconds(Math.abs(fault.offsetMs))} for ${seconds(fault.forMs)}${fault.restart ? ', from its start' : ''}`;
    case 'venue':
      return 'requestFault' in fault
        ? `${fault.venue} ${fault.requestFault.kind}${'ms' in fault.requestFault ? ` by ${seconds(fault.requestFault.ms)}` : ''} for ${seconds(fault.forMs)}, ${Math.round(fault.share * 100)} %`
        : `${fault.venue} ${fault.simulator}${fault.ms > 0 ? ` by ${seconds(fault.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'network':
      return `network between ${fault.to === 'kafka' ? 'all and Kafka' : `${fault.to} and PostgreSQL`}: ${fault.condition.kind} ${fault.condition.direction}${fault.condition.ms > 0 ? ` by ${seconds(fault.condition.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'database':
      return describeDatabase(fault);
    case 'broker':
      return fault.action === 'kill' ? 'kill -9 Kafka' : `freeze Kafka for ${seconds(fault.forMs)}`;
    case 'log-loss':
      return `${fault.action} of ${fault.topics.join(', ')}`;
    case 'corruption':
      return `a digit flipped in ${fault.topic} before ${fault.reader} reads it`;
    case 'group-reset':
      return `consumer group of ${fault.service} set back to the earliest record`;
    case 'restore':
      return `${fault.what === 'all' ? 'all databases' : `database of connector-${fault.what}`} put back by ${seconds(fault.backMs)}`;
    case 'disk':
      return `disk of ${fault.of} full for ${seconds(fault.forMs)}`;
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
