import { createHash } from 'node:crypto';
import type { SealedField } from '@sluice/service-shell';

export interface SealedFinding {
  readonly id: string;
  readonly number: number | null;
  readonly content: readonly SealedField[];
  readonly seal: string | null;
}

/** All findings, and the last number of the counter. */
export interface SealedTable {
  readonly last: number;
  readonly findings: readonly SealedFinding[];
}

interface AlteredFinding {
  readonly subject: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Seen {
  readonly findings: readonly SealedFinding[];
  /** Last number of the database's counter. */
  readonly last: number;
  /** Largest number that this process has seen. */
  readonly remembered: number;
  readonly isSealed: (finding: SealedFinding) => boolean;
}

/** The database may claim any last number. */
const MOST_MISSING = 100;

/**
 * Returns the findings without a valid seal, and the numbers without a finding. A changed finding
 * has another subject after each change: a closed report does not hide the next change.
 */
export function alteredFindings({
  findings,
  last,
  remembered,
  isSealed,
}: Seen): readonly AlteredFinding[] {
  const numbers = new Set(findings.map(({ number }) => number));
  const end = Math.max(last, remembered);
  const missing: number[] = [];
  for (let number = 1; number <= end && missing.length < MOST_MISSING; number++)
    if (!numbers.has(number)) missing.push(number);
  return [
    ...findings
      .filter((finding) => !isSealed(finding))
      .map((finding) => ({
        subject: `finding ${finding.id} as ${digestOf(finding)}`,
        evidence: { because: 'the finding has no valid seal', ...finding },
      })),
    ...missing.map((number) => ({
      subject: `number ${number}`,
      evidence: { because: 'the finding with this number is missing', last, remembered },
    })),
  ];
}

/** Fields under the seal of an opened finding. */
export function sealedFields(
  number: number | null,
  content: readonly SealedField[],
): readonly SealedField[] {
  return [number === null ? null : String(number), ...content];
}

function digestOf({ number, content, seal }: SealedFinding): string {
  return createHash('sha256')
    .update(JSON.stringify([number, content, seal]))
    .digest('hex')
    .slice(0, 16);
}
