import type { VenueAnswer } from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * Answer to a call. `result`: the call's result. `error`: the node's own refusal. `not_sent`:
 * proven unsent, because no connection was made. `broken`: all other faults; the node may have
 * processed the call.
 */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'not_sent'; readonly cause: string }
  | { readonly kind: 'broken'; readonly cause: string };

const LONGEST_MESSAGE = 300;

/** The answers of a batch whose calls had the ids 0 to `count - 1`, in their order: nodes may answer in any. */
export function answersOf(answer: VenueAnswer, count: number): readonly RpcAnswer[] {
  const all = (one: RpcAnswer) => Array.from({ length: count }, () => one);
  if (answer.kind !== 'answer')
    return all({ kind: answer.kind === 'not_sent' ? 'not_sent' : 'broken', cause: answer.cause });
  const { status, json } = answer;
  // If a node rejects the whole batch, the node answers with a single error and no list. The error
  // belongs to no single call and therefore refuses none.
  if (!Array.isArray(json)) return all({ kind: 'broken', cause: wholeRefusal(status, json) });
  const byId = new Map(json.filter(isObject).map((one) => [one['id'], one]));
  return Array.from({ length: count }, (_, id) => answerOf(byId.get(id)));
}

function answerOf(one: Readonly<Record<string, unknown>> | undefined): RpcAnswer {
  if (one === undefined) return { kind: 'broken', cause: 'the node left this call out' };
  const { error, result } = one;
  if (isObject(error)) return { kind: 'error', message: messageOf(error) };
  if (result === undefined) return { kind: 'broken', cause: 'an answer without a result' };
  return { kind: 'result', result };
}

function wholeRefusal(status: number, json: unknown): string {
  const error = isObject(json) ? json['error'] : undefined;
  return `status ${status} for the whole batch${isObject(error) ? `: ${messageOf(error)}` : ''}`;
}

function messageOf({ code, message, data }: Readonly<Record<string, unknown>>): string {
  const texts = [message, data].filter((part) => typeof part === 'string').join(' ');
  return `${String(code)} ${texts}`.slice(0, LONGEST_MESSAGE);
}
