import { fault, type ChainHead, type Divergence } from './chain-report.js';

/** A link has the entries of one transaction, and few transactions commit late: more than this is a wrong clock, or a month that is not over. */
const MAX_CARRIED = 10_000;

/**
 * Observes a walk along one chain to find where it can be cut when old partitions are archived. Later walks begin at `head`, the last link
 * with an archived entry. Entries of earlier links that stay in the journal are `carried`: the checkpoint vouches for them.
 */
export class CutoffWalk {
  /** The last link with an archived entry. */
  head: ChainHead;
  carried: string[];
  private stayingSinceHead: string[] = [];
  private tooManyStay = false;

  constructor(
    start: ChainHead,
    carried: readonly string[],
    private readonly isArchived: (id: string) => boolean,
  ) {
    this.head = start;
    this.carried = carried.filter((id) => !isArchived(id));
  }

  /** Takes the next link. Answers a divergence when an archived entry follows more staying ones than can be carried. */
  pass(link: ChainHead, entries: readonly string[]): Divergence | null {
    if (!this.tooManyStay)
      this.stayingSinceHead.push(...entries.filter((id) => !this.isArchived(id)));
    if (entries.some((id) => this.isArchived(id))) {
      if (this.tooManyStay || this.carried.length + this.stayingSinceHead.length > MAX_CARRIED)
        return fault(
          'entry_misplaced',
          link,
          entries.filter((id) => this.isArchived(id)),
        );
      this.carried.push(...this.stayingSinceHead);
      this.stayingSinceHead = [];
      this.head = { shard: link.shard, sequence: link.sequence, hash: link.hash };
    } else if (this.stayingSinceHead.length > MAX_CARRIED) {
      [this.stayingSinceHead, this.tooManyStay] = [[], true];
    }
    return null;
  }
}
