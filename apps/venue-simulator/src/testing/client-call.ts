/** One call on its way to a library, a line of JSON. */
export interface HostCall {
  readonly id: number;
  /** Which of the opened clients. */
  readonly client: number;
  /** `withdraw`, or `WalletApi.listPushOrders` where a library has several objects. A property is read instead of called. */
  readonly name: string;
  /** Null stands for an argument left out. */
  readonly args: readonly unknown[];
}

/** Opens a client; its argument is the setup, its value the client's number. */
export const OPEN = ' open';

export type HostReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly thrown: Thrown };

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
