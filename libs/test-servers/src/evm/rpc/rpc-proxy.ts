import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inHabitOf, refusalOfCall, refusalOfRequest, type NodeLimits } from './node-limits.js';
import {
  ActiveLie,
  RECEIPT_GAPS,
  askNode,
  callsIn,
  type ProxiedAnswer,
  type ProxiedCall,
  type RpcLie,
  type RpcLieScope,
} from './rpc-call.js';
import { forkedAfter, laggingBy, type ViewOf } from './other-view.js';

interface SeenCall {
  readonly method: string;
  readonly params: readonly unknown[];
  /** True if the call was forwarded to the node. */
  readonly passedOn: boolean;
}

/**
 * Proxy in front of a real node. On demand the proxy shows faults of real nodes and gateways;
 * default: honest.
 */
export class RpcProxy {
  private lies: ActiveLie[] = [];
  private view: ViewOf | undefined;
  private limits: NodeLimits = {};
  private readonly waiting = new Set<ServerResponse>();
  private readonly seen: SeenCall[] = [];

  private constructor(
    private readonly server: Server,
    private readonly node: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of 127.0.0.1, before the node at this URL. */
  static async to(node: string): Promise<RpcProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    return new RpcProxy(server, node);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All calls received since the start, in order. */
  get calls(): readonly SeenCall[] {
    return this.seen;
  }

  countOf(method: string): number {
    return this.seen.filter((call) => call.method === method).length;
  }

  /** Adds a lie. If several lies match a call, the oldest applies. */
  lie(lie: RpcLie, scope: RpcLieScope = {}): this {
    this.lies.push(new ActiveLie(lie, scope));
    return this;
  }

  /**
   * Reports wrong nonces for all accounts: `by` more mined transactions than real, or fewer if
   * negative.
   */
  lieAboutNonces(by: bigint, scope: Omit<RpcLieScope, 'methods'> = {}): this {
    const change = (truth: unknown): string => {
      const claimed = BigInt(String(truth)) + by;
      return `0x${(claimed < 0n ? 0n : claimed).toString(16)}`;
    };
    return this.lie({ kind: 'answer', change }, { ...scope, methods: ['eth_getTransactionCount'] });
  }

  /** Discards sent transactions and reports them as already known, in the wording of geth. */
  sayAlreadyKnown(scope: Omit<RpcLieScope, 'methods'> = {}): this {
    return this.lie(
      { kind: 'error', code: -32000, message: 'already known' },
      { ...scope, methods: ['eth_sendRawTransaction'] },
    );
  }

  /** Has these limits and habits, in addition to those before, until `honest`. */
  limit(limits: NodeLimits): this {
    this.limits = { ...this.limits, ...limits };
    return this;
  }

  /** Writes receipts with a gap of `RECEIPT_GAPS`; `null`: shows no receipt for the calls of the scope. */
  gapReceipts(gap: string | null, scope: Omit<RpcLieScope, 'methods'> = {}): this {
    const change = (truth: unknown): unknown =>
      gap === null || truth === null
        ? null
        : RECEIPT_GAPS[gap]?.(truth as Readonly<Record<string, unknown>>);
    return this.lie(
      { kind: 'answer', change },
      { ...scope, methods: ['eth_getTransactionReceipt'] },
    );
  }

  /** Shows the chain lagging by `blocks` blocks. */
  lagBy(blocks: number): this {
    this.view = laggingBy(blocks);
    return this;
  }

  /** Shows a separate branch after this block. */
  forkAfter(block: bigint): this {
    this.view = forkedAfter(block);
    return this;
  }

  /** Ends all lies and closes the connections of waiting clients. */
  honest(): this {
    this.lies = [];
    this.view = undefined;
    this.limits = {};
    for (const response of this.waiting) response.destroy();
    this.waiting.clear();
    return this;
  }

  async stop(): Promise<void> {
    this.honest();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = callsIn(Buffer.concat(chunks).toString());
    const { batch, calls } = asked;
    const refusal = refusalOfRequest(this.limits, asked);
    if (refusal !== null) {
      this.seen.push(...calls.map(({ method, params }) => ({ method, params, passedOn: false })));
      response.writeHead(refusal.status, { 'content-type': refusal.type });
      response.end(refusal.body);
      return;
    }
    const refused = calls.map((call) => refusalOfCall(this.limits, call));
    const chosen = calls.map((call) => this.lies.find((lie) => lie.covers(call)));
    for (const lie of new Set(chosen)) lie?.used();
    const whole = chosen.find((lie) => lie !== undefined && isOfHttp(lie.lie));
    const passesOn = (place: number): boolean =>
      refused[place] === null && ((whole ?? chosen[place])?.passesOn ?? true);
    this.seen.push(
      ...calls.map(({ method, params }, place) => ({ method, params, passedOn: passesOn(place) })),
    );

    const answers = await this.answers(calls, passesOn);
    if (whole) return this.tellInstead(whole.lie, response);
    const answered = answers.map((answer, place) => {
      const error = refused[place];
      return error
        ? ({ jsonrpc: '2.0', id: calls[place]?.id, error } as const)
        : lyingAnswer(calls[place], answer, chosen[place]);
    });
    const lied = inHabitOf(this.limits, answered);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(batch ? lied : lied[0]));
  }

  /** Returns the node's responses to the forwarded calls, changed by the present view. */
  private async answers(
    calls: readonly ProxiedCall[],
    passesOn: (place: number) => boolean,
  ): Promise<readonly (ProxiedAnswer | undefined)[]> {
    const passed = calls.filter((_, place) => passesOn(place));
    const view = await this.view?.(this.node);
    const asked = passed.map((call) => view?.ask(call) ?? call);
    const answers = await askNode(this.node, asked);
    const seen = answers.map((answer, place) => {
      const call = passed[place];
      return call && view ? view.tell(call, answer) : answer;
    });
    return calls.map((call) => seen[passed.indexOf(call)]);
  }

  private tellInstead(lie: RpcLie, response: ServerResponse): void {
    switch (lie.kind) {
      case 'hang':
        this.waiting.add(response);
        return;
      case 'cut':
        response.destroy();
        return;
      case 'html':
        response.writeHead(lie.status ?? 200, { 'content-type': 'text/html' });
        response.end('<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>');
        return;
      case 'status':
        response.writeHead(lie.status);
        response.end();
        return;
      case 'error':
      case 'answer':
        throw new Error(`${lie.kind} applies to a single call, not to a request`);
    }
  }
}

function isOfHttp({ kind }: RpcLie): boolean {
  return kind !== 'error' && kind !== 'answer';
}

function lyingAnswer(
  call: ProxiedCall | undefined,
  answer: ProxiedAnswer | undefined,
  chosen: ActiveLie | undefined,
): ProxiedAnswer | undefined {
  const lie = chosen?.lie;
  if (!call || !lie) return answer;
  if (lie.kind === 'error') {
    const { code, message } = lie;
    return { jsonrpc: '2.0', id: call.id, error: { code, message } };
  }
  if (lie.kind !== 'answer' || !answer || 'error' in answer) return answer;
  return { ...answer, result: lie.change(answer.result, call.params) };
}
