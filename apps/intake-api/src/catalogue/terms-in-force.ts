/** One version of something that changes at a moment that was said before. */
export interface Versioned {
  /** From 1; 0 is what it began with. */
  readonly version: number;
  /** By the database's clock; null: since ever. */
  readonly effectiveAt: Date | null;
}

/** The version in force at a moment: of those that have begun the one that began last, and of those that begin together the newest. */
export function inForceAt<V extends Versioned>(versions: readonly V[], at: Date): V | null {
  const begun = versions.filter((version) => beginOf(version) <= at.getTime());
  return begun.reduce<V | null>(
    (latest, version) => (latest === null || isAfter(version, latest) ? version : latest),
    null,
  );
}

/** When the first of those begins that have not begun at that moment, in milliseconds; Infinity when none is to come. */
export function nextBeginAfter(versions: readonly Versioned[], at: Date): number {
  const coming = versions.map(beginOf).filter((begin) => begin > at.getTime());
  return Math.min(...coming, Infinity);
}

/** What a version is among those of its subject. One that begins together with a newer one never does. */
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
