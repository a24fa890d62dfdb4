import type { ProxiedCall } from './rpc-call.js';

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
