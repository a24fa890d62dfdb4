import type { RpcCall } from './rpc-call.js';

/**
 * What a node does instead of answering as it should:
 * `hang`: no answer, ever; the connection stays open until the proxy calms down or closes;
 * `cut`: the connection is reset;
 * `html`: a page, with this status (200 unless told), as gateways write it;
 * `status`: this status and no body;
 * `error`: a JSON-RPC error;
 * `answer`: what is made of the true result.
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
  /** JSON-RPC methods; every one unless told. Of a batch, one call is enough. */
  readonly methods?: readonly string[];
  /** How many requests over HTTP are answered so; all of them until `honest` unless told. */
  readonly times?: number;
  /** The node hears of it all the same; only its answer is lost. False unless told, but for `answer`, which needs the truth. */
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

  covers({ method }: RpcCall): boolean {
    return this.left > 0 && (this.scope.methods?.includes(method) ?? true);
  }

  /** One request was answered so. */
  used(): void {
    this.left -= 1;
  }
}
