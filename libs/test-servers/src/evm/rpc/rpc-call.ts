export interface ProxiedCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type ProxiedAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: unknown; readonly result: unknown }
  | {
      readonly jsonrpc: '2.0';
      readonly id: unknown;
      readonly error: { readonly code: number; readonly message: string };
    };

/** Parses a posted RPC call or batch. */
export function callsIn(body: string): { batch: boolean; calls: readonly ProxiedCall[] } {
  const parsed = JSON.parse(body) as ProxiedCall | readonly ProxiedCall[];
  const all = Array.isArray(parsed) ? (parsed as readonly ProxiedCall[]) : [parsed as ProxiedCall];
  return {
    batch: Array.isArray(parsed),
    calls: all.map(({ id, method, params }) => ({ id, method, params: params ?? [] })),
  };
}

/** Asks a node, always in a batch, and puts the answers in the order of the calls. */
export async function askNode(
  url: string,
  calls: readonly ProxiedCall[],
): Promise<readonly ProxiedAnswer[]> {
  if (calls.length === 0) return [];
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })),
    ),
  });
  const answers = (await response.json()) as readonly ProxiedAnswer[];
  return calls.map(({ id }, place) => {
    const answer = answers.find((one) => one.id === place);
    if (!answer) throw new Error(`no answer to call ${place} of a batch`);
    return { ...answer, id };
  });
}

/** Makes a single call and returns the result. Throws the node's error message. */
export async function askOne(
  url: string,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const [answer] = await askNode(url, [{ id: 0, method, params }]);
  if (!answer || 'error' in answer) throw new Error(answer?.error.message ?? 'no answer');
  return answer.result;
}

/**
 * Faulty behavior of a node in place of a correct response:
 * - `hang`: no response; the connection stays open until the proxy is honest again or closes;
 * - `cut`: the connection is reset;
 * - `html`: a page with this status (default 200), as sent by gateways;
 * - `status`: this status without a body;
 * - `error`: a JSON-RPC error;
 * - `answer`: the result of `change` for the true result.
 */
export type RpcLie =
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | {
      readonly kind: 'answer';
      readonly change: (truth: unknown, params: readonly unknown[]) => unknown;
    };

export interface RpcLieScope {
  /** Affected JSON-RPC methods; default: all. A batch is affected if a single call matches. */
  readonly methods?: readonly string[];
  /** Number of affected HTTP requests; default: all until `honest`. */
  readonly times?: number;
  /**
   * Forwards the request to the node, and only the response is lost. Default: false, except for
   * `answer`, because `answer` needs the true result.
   */
  readonly passOn?: boolean;
}

export class ActiveLie {
  private left: number;

  constructor(
    readonly lie: RpcLie,
    private readonly scope: RpcLieScope,
  ) {
    this.left = scope.times ?? Infinity;
  }

  get passesOn(): boolean {
    return this.lie.kind === 'answer' || this.scope.passOn === true;
  }

  covers({ method }: ProxiedCall): boolean {
    return this.left > 0 && (this.scope.methods?.includes(method) ?? true);
  }

  /** Counts an affected request. */
  used(): void {
    this.left -= 1;
  }
}

/** Refusals of a raw transaction, in the words of geth, Erigon, Nethermind, Besu, Reth and Bor. */
export const NODE_REFUSALS = {
  underpriced: [
    'transaction underpriced',
    'replacement transaction underpriced',
    'max fee per gas less than block base fee',
    'INTERNAL_ERROR: ReplacementNotAllowed',
    'INTERNAL_ERROR: could not replace existing tx',
    'FeeTooLow, FeePerGas needs to be higher than 7 to be added to the TxPool',
    'Gas price below configured minimum gas price',
  ],
  crowded: ['txpool is full', 'in-flight transaction limit reached for delegated accounts'],
  insufficient_funds: ['insufficient funds for gas * price + value'],
  invalid: ['invalid sender', 'transaction type not supported', 'exceeds block gas limit'],
} as const;

type Written = Readonly<Record<string, unknown>>;

/** Receipts with gaps, as real nodes write these. */
export const RECEIPT_GAPS: Readonly<Record<string, (receipt: Written) => unknown>> = {
  'no gas price': (receipt) => ({ ...receipt, effectiveGasPrice: null }),
  'no gas': (receipt) => ({ ...receipt, gasUsed: null }),
  'a root in place of a status': (receipt) => ({
    ...receipt,
    status: null,
    root: receipt['blockHash'],
  }),
  'a number as status': (receipt) => ({ ...receipt, status: Number(receipt['status']) }),
  'text as status': (receipt) => ({ ...receipt, status: String(Number(receipt['status'])) }),
  'no logs': (receipt) => ({ ...receipt, logs: null }),
  'no block hash': (receipt) => ({ ...receipt, blockHash: null }),
  'no block number': (receipt) => ({ ...receipt, blockNumber: undefined }),
  'no sender': (receipt) => ({ ...receipt, from: undefined }),
  'no index': (receipt) => ({ ...receipt, transactionIndex: undefined }),
};
