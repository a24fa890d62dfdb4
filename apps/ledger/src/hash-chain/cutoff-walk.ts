import { fault, type ChainHead, type Divergence } from './chain-report.js';

/** A link holds the entries of one transaction, and those that commit late are few: this many is a clock gone wrong, or a partition that is not over. */
const CARRIED_MOST = 10_000;

/**
 * Watches a walk along one chain for what would leave with the old partitions. The chain can be walked from the last link that has an entry
 * which leaves; entries of links up to there that stay have to be carried.
 */
export class CutoffWalk {
  /** The last link with an entry that leaves. */
  head: ChainHead;
  carried: string[];
  private since: string[] = [];
  private many = false;

  constructor(
    start: ChainHead,
    carried: readonly string[],
    private readonly leaves: (id: string) => boolean,
  ) {
    this.head = start;
    this.carried = carried.filter((id) => !leaves(id));
  }

  /** Answers a divergence when an entry leaves long after others that stay. */
  pass(link: ChainHead, entries: readonly string[]): Divergence | null {
    if (!this.many) this.since.push(...entries.filter((id) => !this.leaves(id)));
    if (entries.some((id) => this.leaves(id))) {
      if (this.many || this.carried.length + this.since.length > CARRIED_MOST)
        return fault(
          'entry_misplaced',
          link,
          entries.filter((id) => this.leaves(id)),
        );
      this.carried.push(...this.since);
      this.since = [];
      this.head = { shard: link.shard, sequence: link.sequence, hash: link.hash };
    } else if (this.since.length > CARRIED_MOST) {
      [this.since, this.many] = [[], true];
    }
    return null;
  }
}
