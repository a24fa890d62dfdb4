import type { AuditHeadDto } from '@sluice/http-api';
import { CallError } from '../../api/call-error.js';
import type { EveryAnswer } from '../../api/queries.js';

const HEAD = /^([1-9]\d{0,17}):([0-9a-f]{64})$/;

/** Reads a head as `sluice audit prove` prints it; null for any other text. */
export function headIn(text: string): AuditHeadDto | null {
  const [, sequence, hash] = HEAD.exec(text.trim()) ?? [];
  return sequence === undefined || hash === undefined ? null : { sequence, hash };
}

export function headText({ sequence, hash }: AuditHeadDto): string {
  return `${sequence}:${hash}`;
}

/** Answer of a service that did not give its proof. */
export function answerOf(service: string, error: unknown): EveryAnswer<never> {
  return {
    service,
    status: (error instanceof CallError ? error.status : null) ?? 502,
    message: error instanceof Error ? error.message : 'the cause is unknown',
  };
}
