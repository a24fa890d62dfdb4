import { classOfNodeError } from '@sluice/evm';
import { unreachable } from '@sluice/kernel';
import { keccak256, type Hex } from 'viem';
import type { SendAnswer } from './chain.js';
import { knownAt } from './used-nonce.js';
import type { RpcAnswer, RpcNode } from './rpc-node.js';

/** Sends to each node until one takes it. "Already known" may be dropped: the next is tried too. */
export async function sendRaw(nodes: readonly RpcNode[], raw: Hex): Promise<SendAnswer> {
  const answers: SendAnswer[] = [];
  for (const node of nodes) {
    const answer = await sendTo(node, raw);
    if (answer.kind === 'taken') return answer;
    answers.push(answer);
  }
  return best(answers);
}

export async function resendRaw(nodes: readonly RpcNode[], raw: Hex): Promise<SendAnswer> {
  return best(await Promise.all(nodes.map((node) => sendTo(node, raw))));
}

/** Sends to a node. "Already known" counts only if the node shows the transaction. */
async function sendTo(node: RpcNode, raw: Hex): Promise<SendAnswer> {
  const hash = keccak256(raw);
  const answer = meaningOf(await node.send(raw), hash);
  if (answer.kind !== 'known' || (await knownAt(node, [hash])).get(hash) === true) return answer;
  return {
    kind: 'unknown',
    cause: 'the node reports the transaction as known and does not return it',
  };
}

/** Answers by weight: a node with the transaction, a refusal with a remedy, unknown, other refusals. */
const BY_WEIGHT = [
  'taken',
  'known',
  'underpriced',
  'crowded',
  'unknown',
  'insufficient_funds',
  'nonce_too_low',
  'nonce_too_high',
  'invalid',
  'not_reached',
] as const;

function best(answers: readonly SendAnswer[]): SendAnswer {
  for (const weight of BY_WEIGHT) {
    const [found, ...more] = answers.filter((answer) => weightOf(answer) === weight);
    if (found?.kind !== 'refused') {
      if (found) return found;
      continue;
    }
    const messages = [found, ...more].flatMap((one) =>
      one.kind === 'refused' ? [one.message] : [],
    );
    return { ...found, message: [...new Set(messages)].join('; ') };
  }
  return { kind: 'not_reached', cause: 'there is no node' };
}

function weightOf(answer: SendAnswer): (typeof BY_WEIGHT)[number] {
  return answer.kind === 'refused' ? answer.class : answer.kind;
}

function meaningOf(answer: RpcAnswer, hash: Hex): SendAnswer {
  switch (answer.kind) {
    case 'result':
      return answer.result === hash
        ? { kind: 'taken', hash }
        : { kind: 'unknown', cause: 'the node answered with another hash' };
    case 'not_sent':
      return { kind: 'not_reached', cause: answer.cause };
    case 'broken':
      return { kind: 'unknown', cause: answer.cause };
    case 'error':
      return refusalOf(answer.message, hash);
    default:
      return unreachable(answer);
  }
}

function refusalOf(message: string, hash: Hex): SendAnswer {
  const meant = classOfNodeError(message);
  if (meant === 'already_known') return { kind: 'known', hash };
  if (meant === 'unclear') return { kind: 'unknown', cause: message };
  return { kind: 'refused', class: meant, message };
}
