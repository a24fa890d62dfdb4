import { createInterface } from 'node:readline';
import {
  type ClientSetup,
  type HostCall,
  type HostReply,
  OPEN,
  openClient,
  type Thrown,
} from './client-libraries.js';

interface Client {
  readonly objects: Readonly<Record<string, object>>;
  readonly clockOffMs: number;
}

// Process for client libraries: an input line is a call, an output line its result.
const clients: Client[] = [];
let clockOffMs = 0;
bendClock();
for await (const line of createInterface({ input: process.stdin }))
  void answer(JSON.parse(line) as HostCall);

async function answer(call: HostCall): Promise<void> {
  process.stdout.write(`${JSON.stringify(await replyTo(call), plain)}\n`);
}

async function replyTo({ id, client, name, args }: HostCall): Promise<HostReply> {
  try {
    if (name === OPEN) return { id, value: open(args[0] as ClientSetup) };
    return { id, value: (await call(clients[client], name, args)) ?? null };
  } catch (error) {
    return { id, thrown: readThrown(error) };
  }
}

function open(setup: ClientSetup): number {
  return clients.push({ objects: openClient(setup), clockOffMs: setup.clockOffMs }) - 1;
}

/** Calls a client. Clients with different clocks must not be called at the same time. */
function call(client: Client | undefined, name: string, args: readonly unknown[]): unknown {
  clockOffMs = client?.clockOffMs ?? 0;
  const [object, member] = name.includes('.') ? (name.split('.') as [string, string]) : ['', name];
  const target = client?.objects[object] as Record<string, unknown> | undefined;
  const found = target?.[member];
  if (typeof found !== 'function') return found;
  return Reflect.apply(
    found,
    target,
    args.map((arg) => arg ?? undefined),
  );
}

function readThrown(error: unknown): Thrown {
  const { constructor, message, code, body, headers, response } = error as Record<
    string,
    unknown
  > & { response?: Record<string, unknown> };
  return {
    type: (constructor as { name: string }).name,
    message,
    code,
    body,
    status: response?.['status'],
    data: response?.['data'],
    headers: response?.['headers'] ?? headers,
  };
}

/** Converts values for JSON. Circular objects keep only received data. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return key === 'response' || key === 'request' || key === 'config' ? undefined : value;
}

/** Simulates a machine with a wrong clock: all code in this process reads the shifted time. */
function bendClock(): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(
        target,
        args.length === 0 ? [target.now() + clockOffMs] : args,
        newTarget,
      ) as Date,
    get: (target, name, receiver) =>
      name === 'now'
        ? () => target.now() + clockOffMs
        : (Reflect.get(target, name, receiver) as unknown),
  });
}
