import type { RpcLie, RpcLieScope } from '@sluice/test-servers/evm';
import type { WalletVenue } from './wallet-venue.js';

/** Faults of the control API as a node has them; `endpoint` is a method of JSON-RPC. */
export async function lieOf(venue: WalletVenue, body: Record<string, unknown>): Promise<void> {
  const method = String(body['endpoint']);
  const status = typeof body['http_status'] === 'number' ? body['http_status'] : 500;
  const scope = { methods: [method], times: 1 };
  const lieOnce = (lie: RpcLie, more: Partial<RpcLieScope> = {}): void =>
    void venue.proxy.lie(lie, { ...scope, ...more });
  switch (body['fault']) {
    case 'accept_then_hang':
      return lieOnce({ kind: 'hang' }, { passOn: true });
    case 'accept_then_cut':
      return lieOnce({ kind: 'cut' }, { passOn: true });
    case 'accept_then_5xx':
      return lieOnce({ kind: 'status', status: 502 }, { passOn: true });
    case 'hang_then_refuse':
    case 'slow_listing':
      return lieOnce({ kind: 'hang' });
    case 'refuse_with_5xx':
      return lieOnce({ kind: 'status', status: 502 });
    case 'html_body':
      return lieOnce({ kind: 'html', status });
    case 'too_many_requests':
      return lieOnce({ kind: 'status', status: 429 });
    case 'status_goes_back':
      await venue.chain.reorg(1);
      return;
    default:
      throw new Error(`a node has no fault ${String(body['fault'])}`);
  }
}
