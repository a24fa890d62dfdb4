import type { DatabaseKey, VenueName } from '@sluice/stack';
import type { Mischief } from '../world/mischief.js';
import type { InstanceName, Service } from '../world/names.js';
import type { Direction } from '../world/tcp-relay.js';

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
      readonly venue: VenueName;
      readonly mischief: Mischief;
      readonly share: number;
      readonly forMs: number;
    }
  | {
      readonly group: 'venue';
      readonly venue: VenueName;
      readonly simulator: 'listing-lags' | 'status-goes-back';
      readonly ms: number;
      readonly forMs: number;
    }
  | {
      readonly group: 'network';
      readonly to: InstanceName;
      readonly weather: Weather;
      readonly forMs: number;
    }
  | {
      readonly group: 'network';
      readonly to: 'kafka';
      readonly weather: Weather;
      readonly forMs: number;
    }
  | {
      readonly group: 'database';
      readonly act: 'end-sessions';
      readonly of: DatabaseKey;
      readonly times: number;
    }
  | {
      readonly group: 'database';
      readonly act: 'lock';
      readonly of: DatabaseKey;
      readonly table: string;
      readonly forMs: number;
    }
  | { readonly group: 'database'; readonly act: 'kill-postmaster' }
  | { readonly group: 'broker'; readonly act: 'kill' }
  | { readonly group: 'broker'; readonly act: 'freeze'; readonly forMs: number }
  | {
      readonly group: 'log-loss';
      readonly act: 'delete-records' | 'recreate-topic' | 'cut-tails';
      readonly topics: readonly string[];
    }
  | { readonly group: 'corruption'; readonly topic: string; readonly reader: Service }
  | { readonly group: 'group-reset'; readonly service: Service }
  | { readonly group: 'restore'; readonly what: 'all' | VenueName; readonly backMs: number }
  | { readonly group: 'disk'; readonly of: 'postgres' | 'kafka'; readonly forMs: number };

/** Of one direction of a relay, or of both. */
export interface Weather {
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

/** A fault in one line, as the report and the story of a broken withdrawal tell it. */
export function describe(fault: Fault): string {
  switch (fault.group) {
    case 'kill':
      return `kill -9 ${fault.process}`;
    case 'freeze':
      return `freeze ${fault.process} for ${seconds(fault.forMs)}`;
    case 'clock':
      return `clock of ${fault.process} ${fault.offsetMs < 0 ? '−' : '+'}${seconds(Math.abs(fault.offsetMs))} for ${seconds(fault.forMs)}${fault.restart ? ', from its start' : ''}`;
    case 'venue':
      return 'mischief' in fault
        ? `${fault.venue} ${fault.mischief.kind}${'ms' in fault.mischief ? ` by ${seconds(fault.mischief.ms)}` : ''} for ${seconds(fault.forMs)}, ${Math.round(fault.share * 100)} %`
        : `${fault.venue} ${fault.simulator}${fault.ms > 0 ? ` by ${seconds(fault.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'network':
      return `network between ${fault.to === 'kafka' ? 'all and Kafka' : `${fault.to} and PostgreSQL`}: ${fault.weather.kind} ${fault.weather.direction}${fault.weather.ms > 0 ? ` by ${seconds(fault.weather.ms)}` : ''} for ${seconds(fault.forMs)}`;
    case 'database':
      return describeDatabase(fault);
    case 'broker':
      return fault.act === 'kill' ? 'kill -9 Kafka' : `freeze Kafka for ${seconds(fault.forMs)}`;
    case 'log-loss':
      return `${fault.act} of ${fault.topics.join(', ')}`;
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
  if (fault.act === 'kill-postmaster') return 'kill -9 of the postmaster';
  return fault.act === 'lock'
    ? `table ${fault.table} of ${fault.of} locked for ${seconds(fault.forMs)}`
    : `sessions of ${fault.of} ended ${fault.times} times`;
}

function seconds(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  return ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
