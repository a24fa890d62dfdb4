import type { MessageClass } from './message-class.js';
import { compileRules, type Rules } from './rules.js';

export type TypeTable = Readonly<Record<string, MessageClass>>;

/** Definition of a Kafka topic and its messages. */
export interface Topic<T extends TypeTable = TypeTable> {
  readonly name: string;
  /** Publishing service. */
  readonly producedBy: string;
  /** Consuming service; null for a public topic. */
  readonly consumedBy: string | null;
  /**
   * Our other services that read the topic with their own consumer groups. On a topic with a
   * consumer, each message carries a MAC for each follower.
   */
  readonly followedBy: readonly string[];
  /** Types with a MAC for the followers; null: all types. */
  readonly followedTypes: ReadonlySet<string> | null;
  /** Services that read the newest records back without a consumer group, for example at their start. */
  readonly readBackBy: readonly string[];
  /** Field used as Kafka key, so that messages about the same subject are on one partition. */
  readonly key: string;
  /** Messages published in the order of their commits, also by several instances: messages of one withdrawal, or messages with one key. */
  readonly orderedBy: 'withdrawal' | 'key';
  /** Required value of `venue` in each message of a topic about a single venue. */
  readonly venue?: string;
  /** Types awaited by a client's request: the relay sends them without a batching delay. */
  readonly awaited: ReadonlySet<string>;
  readonly types: T;
  readonly rules: ReadonlyMap<string, Rules>;
}

/** Union of `{ type, data }` over the types of a topic. */
export type Body<T extends TypeTable> = {
  [K in keyof T & string]: { readonly type: K; readonly data: InstanceType<T[K]> };
}[keyof T & string];

interface Definition<T extends TypeTable> {
  readonly producedBy: string;
  readonly consumedBy: string | null;
  /** Default: none. */
  readonly followedBy?: readonly string[];
  /** Default: all types. */
  readonly followedTypes?: readonly (keyof T & string)[];
  /** Default: none. */
  readonly readBackBy?: readonly string[];
  readonly key: string;
  /** Default: `withdrawal`. */
  readonly orderedBy?: Topic['orderedBy'];
  readonly venue?: string;
  readonly awaited?: readonly (keyof T & string)[];
  readonly types: T;
}

export function topic<const T extends TypeTable>(
  name: string,
  definition: Definition<T>,
): Topic<T> {
  const rules = new Map(
    Object.entries(definition.types).map(([type, cls]) => [
      type,
      ofVenue(definition.venue, compileRules(cls)),
    ]),
  );
  const awaited = new Set<string>(definition.awaited);
  const followedTypes = definition.followedTypes ? new Set<string>(definition.followedTypes) : null;
  const defaults = { orderedBy: 'withdrawal', followedBy: [], readBackBy: [] } as const;
  return { name, ...defaults, ...definition, awaited, followedTypes, rules };
}

/** A writer of a venue's topic may only publish messages of this venue. */
function ofVenue(venue: string | undefined, rules: Rules): Rules {
  if (venue === undefined) return rules;
  return (data) => {
    const faults = rules(data);
    return data['venue'] === venue ? faults : [...faults, `venue is not ${venue}, as on its topic`];
  };
}
