/** Call to a library, sent as a line of JSON. */
export interface HostCall {
  readonly id: number;
  /** Number of the opened client. */
  readonly client: number;
  /** `withdraw`, or `WalletApi.listPushOrders` where a library has several objects. A property is read instead of called. */
  readonly name: string;
  /** Arguments of the call; null means an omitted argument. */
  readonly args: readonly unknown[];
}

/** Opens a client; the argument is the setup, the result the client's number. */
export const OPEN = ' open';

export type HostReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly thrown: Thrown };

/** Error thrown by a library; each field exists in at least some library. */
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
