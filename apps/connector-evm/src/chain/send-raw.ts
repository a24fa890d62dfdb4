import { classOfNodeError } from '@sluice/evm';
import { unreachable } from '@sluice/kernel';
import { keccak256, type Hex } from 'viem';
import type { SendAnswer } from './chain.js';
import { knownAt } from './node-facts.js';
import type { RpcAnswer } from './rpc-answer.js';
import type { RpcNode } from './rpc-node.js';

/**
 * Sends to each node in turn until a node takes the transaction. A node with the answer "already
 * known" may have dropped the transaction, therefore the next node is tried too.
 */
export async function sendRaw(nodes: readonly RpcNode[], raw: Hex): Promise<SendAnswer> {
  const answers: SendAnswer[] = [];
  for (const node of nodes) {
    const answer = await sendTo(node, raw);
    if (answer.kind === 'taken') return answer;
    answers.push(answer);
  }
  return best(answers);
}

/** Sends to all nodes at once. */
export async function resendRaw(nodes: readonly RpcNode[], raw: Hex): Promise<SendAnswer> {
  return best(await Promise.all(nodes.map((node) => sendTo(node, raw))));
}

/**
 * Sends to a node. "Already known" alone proves little: a node may have dropped the transaction, if
 * the node does not show the transaction.
 */
async function sendTo(node: RpcNode, raw: Hex): Promise<SendAnswer> {
  const hash = keccak256(raw);
  const answer = meaningOf(await node.send(raw), hash);
  if (answer.kind !== 'known' || (await knownAt(node, [hash])).get(hash) === true) return answer;
  return {
    kind: 'unknown',
    cause: 'the node reports the transaction as known and does not return it',
  };
}

/**
 * Kinds in order of evidence: a node has the transaction, a node may have the transaction, all
 * nodes refused.
 */
const BY_WEIGHT = ['taken', 'known', 'unknown', 'refused', 'not_reached'] as const;

function best(answers: readonly SendAnswer[]): SendAnswer {
  for (const kind of BY_WEIGHT) {
    const found = answers.find((answer) => answer.kind === kind);
    if (found) return found;
  }
  return { kind: 'not_reached', cause: 'there is no node' };
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
