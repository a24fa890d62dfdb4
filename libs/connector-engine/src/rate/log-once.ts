const FOR_MS = 60_000;
const MOST_CAUSES = 1_000;

/** Permits one log line per cause and minute. */
export class LogOnce {
  private readonly loggedAtMs = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly forMs = FOR_MS,
  ) {}

  isDue(cause: string): boolean {
    const now = this.now();
    const before = this.loggedAtMs.get(cause);
    if (before !== undefined && now - before < this.forMs) return false;
    if (this.loggedAtMs.size >= MOST_CAUSES) this.loggedAtMs.clear();
    this.loggedAtMs.set(cause, now);
    return true;
  }
}
