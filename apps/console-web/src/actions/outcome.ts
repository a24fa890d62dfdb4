import { isAwaited } from '@sluice/admin-client/calls';
import { CallError } from '../api/call-error.js';

/** Outcome of an action, after the answer or after the loss of the answer. */
export type ActionOutcome =
  | { readonly kind: 'done'; readonly answer: object; readonly secrets: readonly OnceSecret[] }
  | {
      readonly kind: 'awaited';
      readonly approvalId: string;
      readonly awaits: string;
      readonly expiresAt: string;
      readonly because: string | null;
    }
  | { readonly kind: 'refused'; readonly status: number | null; readonly message: string }
  | { readonly kind: 'passkey'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** Value contained in a single answer. */
export interface OnceSecret {
  readonly name: string;
  readonly value: string;
}

const SECRET_NAME = /(^|_)(secret|private_key|password)$/;

/** Reads the service's answer. Only this makes an action done. */
export function outcomeOfAnswer(answer: unknown): ActionOutcome {
  const data = Object(answer) as object;
  if (isAwaited(data))
    return {
      kind: 'awaited',
      approvalId: data.approval_id,
      awaits: data.awaits,
      expiresAt: data.expires_at,
      because: data.message ?? null,
    };
  return { kind: 'done', answer: data, secrets: secretsIn(data) };
}

/** Reads the error of a call. An answer that was lost, or a broken service, leaves the effect unknown. */
export function outcomeOfError(error: unknown): ActionOutcome {
  if (!(error instanceof CallError))
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  const { failure, code, status, message } = error;
  if (code === 'passkey_required') return { kind: 'passkey', message };
  return failure === 'refused' || failure === 'session_ended'
    ? { kind: 'refused', status, message }
    : { kind: 'unknown', message };
}

/** Secrets of an answer, also in the result of an approved call. */
function secretsIn(answer: object): readonly OnceSecret[] {
  return Object.entries(answer).flatMap(
    ([name, value]: [string, unknown]): readonly OnceSecret[] => {
      if (typeof value === 'string') return SECRET_NAME.test(name) ? [{ name, value }] : [];
      return typeof value === 'object' && value !== null ? secretsIn(value) : [];
    },
  );
}

/** The answer without its secrets: what may stay on the page. */
export function withoutSecrets(answer: object): object {
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name, value]) => !(typeof value === 'string' && SECRET_NAME.test(name)))
      .map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? withoutSecrets(value)
          : value,
      ]),
  );
}
