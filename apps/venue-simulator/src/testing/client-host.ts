import { createInterface } from 'node:readline';
import { openClient, type ClientSetup } from './client-libraries.js';

/**
 * A process of its own for one real client library: its first argument is the setup, each line of its input a call, each line of its
 * output what the library returned or threw. Apart from Jest, whose module loader these libraries were not made for.
 */
export interface HostCall {
  readonly id: number;
  /** `withdraw`, or `WalletApi.listPushOrders` where a library has several objects. A property is read instead of called. */
  readonly name: string;
  /** Null stands for an argument left out. */
  readonly args: readonly unknown[];
}

export type HostReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly thrown: Thrown };

/** What a library throws, in the parts that at least one of them has. */
export interface Thrown {
  /** The error's class, `Object` for a plain object. */
  readonly type: string;
  readonly message: unknown;
  readonly code: unknown;
  readonly body: unknown;
  /** Axios's. */
  readonly status: unknown;
  readonly data: unknown;
  readonly headers: unknown;
}

const setup = JSON.parse(process.argv[2] ?? '') as ClientSetup;
if (setup.clockOffMs !== 0) setClockOff(setup.clockOffMs);
const objects = openClient(setup);
for await (const line of createInterface({ input: process.stdin })) void answer(JSON.parse(line) as HostCall);

async function answer({ id, name, args }: HostCall): Promise<void> {
  process.stdout.write(`${JSON.stringify(await replyTo(id, name, args), plain)}\n`);
}

async function replyTo(id: number, name: string, args: readonly unknown[]): Promise<HostReply> {
  try {
    const [object, member] = name.includes('.') ? (name.split('.') as [string, string]) : ['', name];
    const target = objects[object] as Record<string, unknown> | undefined;
    const found = target?.[member];
    if (typeof found !== 'function') return { id, value: found ?? null };
    return {
      id,
      value:
        ((await Reflect.apply(
          found,
          target,
          args.map((arg) => arg ?? undefined),
        )) as unknown) ?? null,
    };
  } catch (error) {
    return { id, thrown: readThrown(error) };
  }
}

function readThrown(error: unknown): Thrown {
  const { constructor, message, code, body, headers, response } = error as Record<string, unknown> & { response?: Record<string, unknown> };
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

/** JSON of what has no JSON: big integers as text, and of objects that point back at themselves only what came over the wire. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return key === 'response' || key === 'request' || key === 'config' ? undefined : value;
}

/** The whole process lives at another time, as on a machine whose clock is wrong. */
function setClockOff(offMs: number): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [target.now() + offMs] : args, newTarget) as Date,
    get: (target, name, receiver) => (name === 'now' ? () => target.now() + offMs : (Reflect.get(target, name, receiver) as unknown)),
  });
}
