/** Version of terms with a scheduled effective time. */
export interface Versioned {
  /** Counted from 1; 0 is the initial version. */
  readonly version: number;
  /** Effective time by the database's clock; null: in force from the beginning. */
  readonly effectiveAt: Date | null;
}

/**
 * Returns the version in force at a moment: the version with the latest effective time already
 * begun. Among equal effective times the newest version wins.
 */
export function inForceAt<V extends Versioned>(versions: readonly V[], at: Date): V | null {
  const begun = versions.filter((version) => beginOf(version) <= at.getTime());
  return begun.reduce<V | null>(
    (latest, version) => (latest === null || isAfter(version, latest) ? version : latest),
    null,
  );
}

/**
 * Returns the next effective time after the given moment, in milliseconds; Infinity if no version
 * is scheduled.
 */
export function nextBeginAfter(versions: readonly Versioned[], at: Date): number {
  const coming = versions.map(beginOf).filter((begin) => begin > at.getTime());
  return Math.min(...coming, Infinity);
}

/**
 * Returns the state of a version among the subject's versions. A version replaced by a newer
 * version with the same effective time never comes into force.
 */
export function stateOf<V extends Versioned>(
  version: V,
  versions: readonly V[],
  at: Date,
): 'coming' | 'in_force' | 'over' | 'replaced' {
  const isReplaced = versions.some(
    (other) => beginOf(other) === beginOf(version) && other.version > version.version,
  );
  if (isReplaced) return 'replaced';
  if (beginOf(version) > at.getTime()) return 'coming';
  return inForceAt(versions, at) === version ? 'in_force' : 'over';
}

function isAfter(one: Versioned, other: Versioned): boolean {
  const [begin, otherBegin] = [beginOf(one), beginOf(other)];
  return begin === otherBegin ? one.version > other.version : begin > otherBegin;
}

function beginOf({ effectiveAt }: Versioned): number {
  return effectiveAt?.getTime() ?? -Infinity;
}
