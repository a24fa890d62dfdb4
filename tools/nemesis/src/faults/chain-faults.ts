import { pause, fieldsOf } from '@sluice/stack';
import {
  RECEIPT_GAPS,
  type RpcLie,
  type RpcLieScope,
  type RpcProxy,
} from '@sluice/test-servers/evm';
import type { ChainFault, Lie, NodeHabit } from '../schedule/fault.js';
import type { NemesisChain } from '../system/chains.js';
import { freezeServer, type FaultContext } from './system-wide-faults.js';

const LONGEST_WAIT_FOR_PAYMENT_MS = 10_000;
const DROP_EVERY_MS = 150;
const RECEIPT = { methods: ['eth_getTransactionReceipt'] };

/**
 * Injects a fault into a chain and waits for the end of the fault. Returns the number of affected
 * transactions or calls.
 */
export async function disturbChain(context: FaultContext, fault: ChainFault): Promise<number> {
  const { system } = context;
  const chain = system.chains.get(fault.chain);
  if (!chain) throw new Error(`chain ${fault.chain} does not run here`);
  switch (fault.action) {
    case 'reorg':
      return reorganise(context, chain, fault.depth);
    case 'drop-pool':
      return dropPool(context, chain, fault.forMs);
    case 'lie':
      return whileLying(context, chain, fault, LIES[fault.about]);
    case 'odd-node':
      return whileOdd(context, chain, fault, HABITS[fault.habit]);
    case 'node-down':
      return whileLying(context, chain, fault, { lie: { kind: 'cut' } });
    case 'freeze-node':
      await freezeServer(chain.process, fault.forMs, context.ended);
      return 1;
    case 'restart-node':
      await restartNode(context, chain);
      return 1;
  }
}

/** Waits for blocks with a payment: a reorganisation of empty blocks has no effect. */
async function reorganise(
  { ended }: FaultContext,
  { control }: NemesisChain,
  depth: number,
): Promise<number> {
  let thrownOut = 0;
  for (const until = Date.now() + LONGEST_WAIT_FOR_PAYMENT_MS; thrownOut === 0;) {
    thrownOut = await transactionsIn(control, depth);
    if (ended.aborted || Date.now() > until) break;
    if (thrownOut === 0) await pause(200);
  }
  await control.reorg(depth);
  return thrownOut;
}

async function transactionsIn(control: NemesisChain['control'], depth: number): Promise<number> {
  const head = await control.head();
  const numbers = Array.from({ length: depth }, (_, below) => head - BigInt(below));
  const blocks = await Promise.all(
    numbers
      .filter((blockNumber) => blockNumber >= 0n)
      .map((blockNumber) => control.client.getBlock({ blockNumber })),
  );
  return blocks.reduce((sum, { transactions }) => sum + transactions.length, 0);
}

async function dropPool(
  { ended }: FaultContext,
  { control }: NemesisChain,
  forMs: number,
): Promise<number> {
  let dropped = 0;
  for (const until = Date.now() + forMs; Date.now() < until && !ended.aborted;) {
    const waiting = (await control.pool()).length;
    if (waiting > 0) await control.dropAll();
    dropped += waiting;
    await pause(DROP_EVERY_MS);
  }
  return dropped;
}

/**
 * Restarts the node: the node keeps the blocks and loses the pool. The comparison detects a
 * forgotten final block; no real chain forgets final blocks.
 */
async function restartNode(
  { note }: FaultContext,
  { network, control, process: node }: NemesisChain,
): Promise<void> {
  const final = await control.client.getBlock({ blockTag: 'finalized' });
  const head = await control.head();
  await node.restart();
  const { hash } = await control.client.getBlock({ blockNumber: final.number });
  if (hash !== final.hash)
    throw new Error(
      `the restarted node has a different final block ${final.number}, which was final`,
    );
  note(
    `    ${network} restarted: head ${head} → ${await control.head()}, final block ${final.number} kept`,
  );
}

interface AtNode {
  readonly node: number;
  readonly forMs: number;
}

interface AskedToLie {
  readonly lie: RpcLie;
  readonly scope?: RpcLieScope;
}

async function whileLying(
  context: FaultContext,
  chain: NemesisChain,
  fault: AtNode,
  { lie, scope = {} }: AskedToLie,
): Promise<number> {
  return whileOdd(context, chain, fault, (node) => void node.lie(lie, scope), scope.methods);
}

async function whileOdd(
  { system, ended }: FaultContext,
  chain: NemesisChain,
  { node, forMs }: AtNode,
  disturb: (node: RpcProxy) => void,
  methods?: readonly string[],
): Promise<number> {
  const stop = system.nodeFaults.begin(chain, node, disturb, methods);
  await pause(forMs, ended);
  return stop();
}

/** Changes made to true responses. A response without a transaction stays unchanged. */
const LIES: Readonly<Record<Lie, AskedToLie>> = {
  status: {
    lie: ofReceipts((receipt) => ({
      ...receipt,
      status: receipt['status'] === '0x1' ? '0x0' : '0x1',
    })),
    scope: RECEIPT,
  },
  logs: { lie: ofReceipts((receipt) => ({ ...receipt, logs: [] })), scope: RECEIPT },
  'gas-price': {
    lie: ofReceipts((receipt) => ({ ...receipt, effectiveGasPrice: '0x1000000000000' })),
    scope: RECEIPT,
  },
  nonce: {
    lie: { kind: 'answer', change: (truth) => `0x${(BigInt(String(truth)) + 2n).toString(16)}` },
    scope: { methods: ['eth_getTransactionCount'] },
  },
};

/** Least tip of a node in wei: above the tips that the wallet sends without a refusal. */
const LEAST_TIP = 3_000_000_000n;

const HABITS: Readonly<Record<NodeHabit, (node: RpcProxy) => void>> = {
  'no lists': (node) => node.limit({ mostCalls: 0 }),
  'reversed lists': (node) => node.limit({ order: 'reversed', ids: 'text' }),
  'a page for a list': (node) => node.limit({ mostCalls: 1, refusesLists: 'html' }),
  'gaps in lists': (node) => node.limit({ leavesOut: 1 }),
  'no finalized block': (node) => node.limit({ unknownTags: ['finalized', 'safe'] }),
  'a least tip': (node) => node.limit({ leastTip: LEAST_TIP }),
  'receipts with gaps': (node) => {
    for (const gap of Object.keys(RECEIPT_GAPS)) node.gapReceipts(gap, { times: 3 });
  },
};

function ofReceipts(change: (receipt: Readonly<Record<string, unknown>>) => object): RpcLie {
  return {
    kind: 'answer',
    change: (truth) =>
      typeof truth === 'object' && truth !== null ? change(fieldsOf(truth)) : truth,
  };
}
