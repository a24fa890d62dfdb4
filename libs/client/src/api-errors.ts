import { SluiceError } from './errors.js';

/** Content of a rejection: status and envelope of the failure. */
export interface Refusal {
  readonly status: number;
  /** Stable. */
  readonly message: string;
  readonly data: unknown;
  /** Id of the rejected request, for the support of the API. Null if the response had no id. */
  readonly requestId?: string | null;
}

/**
 * The API has rejected the request completely: no action was taken. Also used for messages without
 * a more specific class.
 */
export class ApiError extends SluiceError {
  readonly status: number;
  readonly data: unknown;
  readonly requestId: string | null;

  constructor({ status, message, data, requestId = null }: Refusal) {
    super(message);
    this.status = status;
    this.data = data;
    this.requestId = requestId;
  }
}

/** 401: headers, key or signature. */
export class AuthenticationError extends ApiError {}
/** 401: the two clocks are more than 300 s apart. Set this machine's. */
export class ClockError extends AuthenticationError {}
export class SignatureUsedError extends AuthenticationError {}

/** 403: this key may not. */
export class PermissionError extends ApiError {}
export class CurrencyNotEnabledError extends PermissionError {}
/** The account accepts only orders signed with a key of the account. */
export class OrderNotSignedError extends PermissionError {}

/** The spending policy does not allow the withdrawal. No record exists. */
export class PolicyDeniedError extends PermissionError {
  /** Name of the refusing rule; null if the response names no rule. */
  get rule(): string | null {
    return textIn(this.data, 'rule');
  }
}

/** The withdrawal exceeds a limit of the spending policy. No record exists. */
export class LimitExceededError extends PolicyDeniedError {
  /** Decimal text: rest that the limit still allows, in `unit`. */
  get remaining(): string | null {
    return textIn(this.data, 'remaining');
  }

  /** Asset, `EUR` or `payments`. */
  get unit(): string | null {
    return textIn(this.data, 'unit');
  }

  /** Time at which the limit allows the amount, without further payments; null: never. */
  get freesAt(): Date | null {
    const time = textIn(this.data, 'frees_at');
    return time === null ? null : new Date(time);
  }
}

export class NotFoundError extends ApiError {}
export class NetworkNotFoundError extends NotFoundError {}
export class CurrencyNotFoundError extends NotFoundError {}
export class WithdrawalNotFoundError extends NotFoundError {}
export class HotWalletNotAllocatedError extends NotFoundError {}

export class InvalidAddressError extends ApiError {}
export class AmountBelowMinimumError extends ApiError {}
export class InsufficientBalanceError extends ApiError {}
/** The reference was already used with different parameters. */
export class ReferenceReusedError extends ApiError {}
/** The withdrawal is paid, has failed, or cannot be stopped at the venue. */
export class NotCancellableError extends ApiError {}

export class TooManyWebhooksError extends ApiError {}

/** 422: `faults` lists each invalid field with the reason. */
export class ValidationError extends ApiError {
  get faults(): readonly { readonly field: string; readonly reason: string }[] {
    return this.message.split(/; (?=[\w.[\]-]+: )/).map((fault) => {
      const [field = '', ...reason] = fault.split(': ');
      return { field, reason: reason.join(': ') };
    });
  }
}

/**
 * Proven failure: no money was paid, and no hold remains. With a `withdrawalId` the reference is
 * used up, and a new attempt needs another reference. If `withdrawalId` is null, no record exists
 * and the reference is free.
 */
export class WithdrawalFailedError extends ApiError {
  get withdrawalId(): number | null {
    const id = factIn(this.data, 'withdrawal_id');
    return typeof id === 'number' ? id : null;
  }

  /** Why, as a stable code. */
  get errorCode(): string | null {
    return textIn(this.data, 'error_code');
  }
}

export class RateLimitError extends ApiError {}
/** 409: the request conflicts with the present state, e.g. of a webhook. No state was changed. */
export class ConflictError extends ApiError {}
/** Withdrawals are halted until a person has checked the cause. No record exists. */
export class WithdrawalsHaltedError extends ApiError {}
/**
 * 502: only our own wallet could pay the order, and the account has no wallet on this network. No
 * record exists.
 */
export class NoHotWalletError extends ApiError {}
/** 503: no record exists. */
export class ServiceUnavailableError extends ApiError {}
/** 500 and 504: the request may still be in progress. */
export class UnfinishedError extends ApiError {}

function factIn(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null
    ? Object.entries(data).find(([key]) => key === name)?.[1]
    : undefined;
}

function textIn(data: unknown, name: string): string | null {
  const value = factIn(data, name);
  return typeof value === 'string' ? value : null;
}

type ErrorClass = new (refusal: Refusal) => ApiError;

/** Error classes by message, for messages of the contract and of the API extensions. */
const BY_MESSAGE: Readonly<Record<string, ErrorClass>> = {
  'The address format is invalid for this network': InvalidAddressError,
  'Nobody could spend what is sent to this address': InvalidAddressError,
  'This address is a paying address of the gateway': InvalidAddressError,
  'Withdrawal amount is below the minimum allowed': AmountBelowMinimumError,
  'Insufficient available balance for this withdrawal': InsufficientBalanceError,
  'Missing authentication headers': AuthenticationError,
  'Invalid signature': AuthenticationError,
  'Invalid API key': AuthenticationError,
  'Request timestamp is outside the allowed window': ClockError,
  'Request signature has already been used': SignatureUsedError,
  'Withdrawals for this currency are not enabled for this account': CurrencyNotEnabledError,
  'Withdrawals of this account have to be signed with one of its own keys': OrderNotSignedError,
  'The spending policy does not allow this withdrawal': PolicyDeniedError,
  'Withdrawal exceeds a limit of the spending policy': LimitExceededError,
  'Withdrawals with this API key are halted': WithdrawalsHaltedError,
  'API key does not have the required permission': PermissionError,
  'Source IP is not allowed for this API key': PermissionError,
  'Network not found': NetworkNotFoundError,
  'Currency not found': CurrencyNotFoundError,
  'Hot wallet has not been allocated for this network. Enable at least one currency first.':
    HotWalletNotAllocatedError,
  'Withdrawal not found': WithdrawalNotFoundError,
  'client_reference was already used with different parameters': ReferenceReusedError,
  'Withdrawal can no longer be cancelled': NotCancellableError,
  'An account may have 50 webhooks': TooManyWebhooksError,
  'Rate limit exceeded': RateLimitError,
  'Failed to broadcast withdrawal transaction': WithdrawalFailedError,
  'No hot wallet configured for this network': NoHotWalletError,
  'Withdrawals are halted': WithdrawalsHaltedError,
  'Too many requests at this moment': ServiceUnavailableError,
  'Service temporarily unavailable': ServiceUnavailableError,
  'Internal server error': UnfinishedError,
  'Withdrawal submission is still in progress': UnfinishedError,
};

/** Error classes by status, for messages with varying or unknown text. */
const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
};

/**
 * Returns the typed error of a rejection. An unknown message falls back to the status, and finally
 * to `ApiError`. An unknown 5xx becomes `UnfinishedError`, because the outcome is uncertain.
 */
export function apiErrorOf(refusal: Refusal): ApiError {
  const { status, message } = refusal;
  const [beginning = ''] = message.split(': '); // `Withdrawal can no longer be cancelled: reason`
  const known = Object.hasOwn(BY_MESSAGE, message)
    ? BY_MESSAGE[message]
    : status === 409 && Object.hasOwn(BY_MESSAGE, beginning)
      ? BY_MESSAGE[beginning]
      : BY_STATUS[status];
  return new (known ?? (status >= 500 ? UnfinishedError : ApiError))(refusal);
}
