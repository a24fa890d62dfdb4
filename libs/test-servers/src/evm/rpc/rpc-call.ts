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
