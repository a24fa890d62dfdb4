/**
 * Pace of the simulated venue: `real` has the venue's limits and visible status times, `fast` has
 * no limits and short times.
 */
export type Pace = 'real' | 'fast';

/** A venue of the local stack; the connector is a separate process (`connectorOf`). */
export interface Venue {
  /** Display name. */
  readonly title: string;
  /** Endpoints of the venue's rate plan; `--fast` raises the limits. */
  readonly endpoints: readonly string[];
  /** True for the venue running in every start, before the others. Exactly the first venue. */
  readonly always?: true;
  /**
   * True if the venue's counterpart are chains: local nodes on this machine, otherwise the nodes
   * listed in `EVM_CHAINS_FILE`.
   */
  readonly isChains?: true;
  /** Services called by the connector, in the format of `ServiceSpec`. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** A venue played by the simulator: every fact that a tool needs about the venue. */
export interface SimulatedVenue extends Venue {
  /** Variables of the connector, each with the source field of `GET /_sim/credentials`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Path prefix of the venue's API at the simulator. */
  readonly basePath?: string;
  /**
   * Fixed credentials of the simulator, for containers with settings fixed before the start. The
   * credentials give no access to other systems.
   */
  readonly simulatedKeys: Readonly<Record<string, string>>;
  /**
   * Variables of the auditor, each with the value of the simulator's fixed key without the right to
   * pay. The auditor gets the variable of the address, too. Missing: the auditor does not read the
   * venue.
   */
  readonly audit?: { readonly address: string; readonly keys: Readonly<Record<string, string>> };
  /** Settings of the simulator at each start, beside times and limits; `connectorUrl` is where the connector listens. */
  readonly settings?: (connectorUrl: string) => object;
  /** Address of the venue's API in production. */
  readonly productionUrl: string;
  /** Settings of the connector in production, beside address and credentials. */
  readonly productionSettings?: Readonly<Record<string, string>>;
  /**
   * Fields of `GET /_sim/credentials` that identify the simulator's bank account. The venue pays only
   * this account, and the first word of the transfer text identifies an order.
   */
  readonly bankAccount?: readonly string[];
  readonly api: VenueApi;
  /** Forms of the orders sent by load generators, in the order of the draw. */
  readonly orders: Readonly<Record<string, OrderForm>>;
  readonly demo: VenueDemo;
}

/** A response as the venue writes it. */
export interface VenueAnswer {
  readonly status: number;
  readonly body: object;
}

/** Facts about a venue's API, for a proxy between the connector and the venue. */
export interface VenueApi {
  /** Suffixes of the paths paying on POST. */
  readonly pays: readonly string[];
  /** Suffixes of the paths listing records on GET. */
  readonly lists: readonly string[];
  /** The endpoints as the simulator's faults name them. */
  readonly payEndpoints: readonly string[];
  readonly listEndpoints: readonly string[];
  /** Paying endpoints of the rate plan with a published limit below the load of a test. */
  readonly slowEndpoints?: readonly string[];
  /** A plain refusal of this request alone: the wallet is empty. Another venue may pay. */
  readonly refusal: VenueAnswer;
  /** The venue's own response for an internal error. */
  readonly serverError: VenueAnswer;
  readonly tooManyRequests: VenueAnswer;
  /** A refusal in the venue's envelope, with a code that no table of ours lists. */
  readonly unlistedRefusal: VenueAnswer;
  /** Fields from a listing's document down to the records; empty if the document is the list. */
  readonly recordsAt: readonly string[];
  /** The record's field of the venue's own id, and of the amount. */
  readonly idField: string;
  readonly amountField: string;
  /** The record's field with the name of coin or chain, and its fields of time. */
  readonly nameField: string;
  readonly timeFields: readonly string[];
  /** Status names of unpaid payments in the venue's book: refused, cancelled or sent back. */
  readonly sentBack: readonly string[];
}

/** Form of an order at a venue, and the relative frequency of the form. */
export type OrderForm = { readonly weight: number } & OrderTarget;

type OrderTarget =
  | { readonly to: 'address' }
  | { readonly to: 'bank account' }
  | {
      readonly to: 'venue account';
      readonly kind: 'uid' | 'cid' | 'email' | 'phone';
      readonly areaCode?: string;
    };

/** A withdrawal of the demo. The demo adds the reference, and the bank account of the venue. */
export interface DemoWithdrawal {
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The venue's part in the demo. */
export interface VenueDemo {
  /** Demo withdrawal to another user of the venue. */
  readonly toUser?: DemoWithdrawal;
  /** Withdrawal of the tour. */
  readonly paid?: DemoWithdrawal;
  /** Withdrawal of the tour, cancelled while the simulator keeps payments in the status. */
  readonly cancelled?: DemoWithdrawal & { readonly lingersIn: string };
  /** Withdrawal of the tour, refused by the venue for lack of funds and paid by the next venue. */
  readonly refused?: DemoWithdrawal;
}
