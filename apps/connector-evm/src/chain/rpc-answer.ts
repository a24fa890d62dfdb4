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

interface BatchAnswers {
  /** In the order of the calls. */
  readonly answers: readonly RpcAnswer[];
  /** Places of the calls that the node may answer in a smaller batch. */
  readonly unanswered: readonly number[];
}

/** Statuses of a node that answers no request now, whatever its length. */
const NOT_ABOUT_LENGTH: readonly number[] = [401, 429, 502, 503, 504];
const OF_BATCH = /batch|too (large|long|big)|response size|body size/i;

/** The answers to a request whose calls had the ids 0 to `count - 1`: nodes may answer in any order. */
export function answersOf(answer: VenueAnswer, count: number): BatchAnswers {
  if (answer.kind === 'not_sent' || (answer.kind === 'broken' && answer.status === null))
    return wholly(count, { kind: answer.kind, cause: answer.cause }, false);
  const { status, text } = answer;
  const isOfLength = !NOT_ABOUT_LENGTH.includes(status ?? 0) || OF_BATCH.test(text);
  if (answer.kind !== 'answer')
    return wholly(count, { kind: 'broken', cause: answer.cause }, isOfLength);
  const { json } = answer;
  if (Array.isArray(json)) return answersIn(json, count);
  // If a node rejects the whole batch, the node answers with a single error and no list. The error
  // belongs to no single call and therefore refuses none.
  return count === 1 && isObject(json) && isOwnAnswer(answer.status, json)
    ? { answers: [answerOf(json)], unanswered: [] }
    : wholly(count, { kind: 'broken', cause: wholeRefusal(answer.status, json) }, isOfLength);
}

function wholly(count: number, answer: RpcAnswer, isOfLength: boolean): BatchAnswers {
  const places = Array.from({ length: count }, (_, place) => place);
  return { answers: places.map(() => answer), unanswered: isOfLength ? places : [] };
}

/** Some nodes write ids as text. */
function answersIn(list: readonly unknown[], count: number): BatchAnswers {
  const byId = new Map(list.filter(isObject).map((one) => [String(one['id']), one]));
  const answers = Array.from({ length: count }, (_, id) => answerOf(byId.get(String(id))));
  const unanswered = answers.flatMap((one, place) => {
    const isLimit = one.kind === 'error' && OF_BATCH.test(one.message);
    return !byId.has(String(place)) || (isLimit && count > 1) ? [place] : [];
  });
  return { answers, unanswered };
}

/** A gateway's refusal has no id, and a status of its own. */
function isOwnAnswer(status: number, { id }: RpcFields): boolean {
  return String(id) === '0' || (status === 200 && (id ?? null) === null);
}

type RpcFields = Readonly<Record<string, unknown>>;

function answerOf(one: RpcFields | undefined): RpcAnswer {
  if (one === undefined) return { kind: 'broken', cause: 'the node left this call out' };
  const { error, result } = one;
  if (isObject(error)) return { kind: 'error', message: messageOf(error) };
  if (typeof error === 'string') return { kind: 'error', message: error.slice(0, LONGEST_MESSAGE) };
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
