import type { MessageClass } from './message-class.js';
import { compileRules, type Rules } from './rules.js';

export type TypeTable = Readonly<Record<string, MessageClass>>;

/** Everything that may appear on one Kafka topic. */
export interface Topic<T extends TypeTable = TypeTable> {
  readonly name: string;
  /** The one service that publishes it. */
  readonly producedBy: string;
  /** The one service that consumes it; null for a topic that anybody may read. */
  readonly consumedBy: string | null;
  /** Services of ours that read such a topic like anybody else, with a group of their own. */
  readonly followedBy: readonly string[];
  /** Services that read the newest records of such a topic back when they start, without a group. */
  readonly readBackBy: readonly string[];
  /** The field of every message that is the Kafka key, so that messages about the same thing are on one partition. */
  readonly key: string;
  /** Which messages are published in the order of their commits, also when several instances publish: those of one withdrawal, or all of one key. */
  readonly orderedBy: 'withdrawal' | 'key';
  /** Where everything on it is about one venue: the name that the `venue` of each message has to be. */
  readonly venue?: string;
  /** Types that a client's request is waiting for: nothing is to gather in front of them. */
  readonly awaited: ReadonlySet<string>;
  /** Types that are still read and no longer published: why, as a sentence. */
  readonly retired: Readonly<Record<string, string>>;
  readonly types: T;
  readonly rules: ReadonlyMap<string, Rules>;
}

/** The union of `{ type, data }` over a topic's table of types. */
export type Body<T extends TypeTable> = {
  [K in keyof T & string]: { readonly type: K; readonly data: InstanceType<T[K]> };
}[keyof T & string];

interface Definition<T extends TypeTable> {
  readonly producedBy: string;
  readonly consumedBy: string | null;
  /** None by default. */
  readonly followedBy?: readonly string[];
  /** None by default. */
  readonly readBackBy?: readonly string[];
  readonly key: string;
  /** `withdrawal` by default. */
  readonly orderedBy?: Topic['orderedBy'];
  readonly venue?: string;
  readonly awaited?: readonly (keyof T & string)[];
  readonly retired?: Readonly<Record<string, string>>;
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
  const { retired = {} } = definition;
  const defaults = { orderedBy: 'withdrawal', followedBy: [], readBackBy: [] } as const;
  return { name, ...defaults, ...definition, awaited, retired, rules };
}

/** Who may write to a venue's topic speaks for that venue alone. */
function ofVenue(venue: string | undefined, rules: Rules): Rules {
  if (venue === undefined) return rules;
  return (data) => {
    const faults = rules(data);
    return data['venue'] === venue ? faults : [...faults, `venue is not ${venue}, as on its topic`];
  };
}
