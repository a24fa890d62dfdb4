import { ROLES, type ApprovalDto } from '@sluice/http-api';
import { endpointOf, type ServiceName } from '@sluice/stack';
import { passkeyHeader, softwarePasskey } from '@sluice/test-kit';
import type { TestSystem } from '../../testkit/given-system.js';

interface SentCall {
  readonly person: string;
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body: string;
  readonly passkey: string | undefined;
}

/** Fields of the answers that the attacks read. */
interface AnswerData {
  readonly id: string;
  readonly approval_id: string;
  readonly options: { readonly challenge: string };
  readonly vouchers: readonly { readonly voucher: string }[];
}

interface ConsoleAnswer<Data = AnswerData> {
  readonly status: number;
  readonly message?: string;
  readonly data: Data;
}

/** Answer to a call that takes the passkey of the person. */
export const PASSKEY_REQUIRED = { status: 403, data: { code: 'passkey_required' } };

/** A person with all roles, whose calls pass through the console. */
export class ConsolePerson {
  private readonly passkey = softwarePasskey();

  constructor(
    readonly name: string,
    private readonly sluice: TestSystem,
    /** Everything that passed through the console. */
    private readonly seen: SentCall[],
  ) {}

  /** Registers the passkey; a person with the operator command approves it. */
  async register(): Promise<this> {
    const { options } = (await this.get('ledger', '/internal/passkeys/options')).data;
    const registration = this.passkey.register(options.challenge);
    const asked = await this.post('ledger', '/internal/passkeys', { registration });
    await this.sluice.approver.ledger.approve(asked.data.approval_id);
    return this;
  }

  get<Data = AnswerData>(service: ServiceName, target: string): Promise<ConsoleAnswer<Data>> {
    return this.send<Data>({ service, method: 'GET', target, body: '', passkey: undefined });
  }

  /** Sends a call with the token alone. */
  post(service: ServiceName, target: string, body: object): Promise<ConsoleAnswer> {
    const text = JSON.stringify(body);
    return this.send({ service, method: 'POST', target, body: text, passkey: undefined });
  }

  /** Sends a call with the passkey of the person. */
  async prove(service: ServiceName, target: string, body: object): Promise<ConsoleAnswer> {
    const { data } = await this.get('ledger', `/internal/passkeys/vouchers/${service}`);
    const call = { service, method: 'POST', target, body: JSON.stringify(body) } as const;
    const passkey = passkeyHeader(this.passkey, {
      ...call,
      voucher: data.vouchers[0]?.voucher ?? '',
    });
    return this.send({ ...call, passkey });
  }

  /** Sends a call of any person again, with a fresh token. */
  replay({ person: _person, ...call }: SentCall): Promise<ConsoleAnswer> {
    return this.send(call);
  }

  async approvals(service: ServiceName): Promise<readonly ApprovalDto[]> {
    return (await this.get<readonly ApprovalDto[]>(service, '/internal/approvals')).data;
  }

  private async send<Data = AnswerData>({
    service,
    method,
    target,
    body,
    passkey,
  }: Omit<SentCall, 'person'>): Promise<ConsoleAnswer<Data>> {
    this.seen.push({ person: this.name, service, method, target, body, passkey });
    const { run, issuer } = this.sluice.system;
    const token = issuer.tokenOf(this.name, { roles: ROLES, client_id: 'sluice-console' });
    const response = await fetch(`${run.internal[endpointOf(service)]}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== '' && { 'content-type': 'application/json' }),
        ...(passkey !== undefined && { 'sluice-passkey': passkey }),
      },
      ...(body !== '' && { body }),
    });
    return {
      status: response.status,
      ...((await response.json()) as Omit<ConsoleAnswer<Data>, 'status'>),
    };
  }
}
