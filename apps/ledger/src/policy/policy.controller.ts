import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  CallerOf,
  MayAwait,
  PolicyPriceDto,
  PolicyVersionDto,
  PublishPolicyDto,
  Refuses,
  Requires,
  ROLES,
  SetPolicyPriceDto,
  type Accepted,
  type AwaitedDto,
  type Caller,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { Policies } from './policies.js';
import { versionViews } from './policy-views.js';
import { PublishPolicy } from './publish-policy.js';
import { SetPrice } from './set-price.js';

/** Publishing of rule sets, and reference prices. */
@AdminController('policy')
export class PolicyController {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
    private readonly publishing: PublishPolicy,
    private readonly prices: SetPrice,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Versions of the spending policy, newest first, with their rules' })
  @AnswersList(PolicyVersionDto)
  async versions(): Promise<PolicyVersionDto[]> {
    const { book, now } = await this.policies.read(this.database);
    return versionViews(book, now);
  }

  @Post()
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'Publishes the next version. A tightening takes effect at once, a loosening after the waiting time. Requires two people',
  })
  @Answers(PolicyVersionDto)
  @MayAwait()
  @Refuses({
    409: 'another version was published meanwhile, or the same person repeated the request',
    422: 'a rule cannot be read, or its time zone is unknown',
  })
  async publish(
    @Body() body: PublishPolicyDto,
    @CallerOf() caller: Caller,
  ): Promise<PolicyVersionDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.publishing.run(body, caller));
  }

  @Get('prices')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'The newest reference price of each asset in EUR' })
  @AnswersList(PolicyPriceDto)
  pricesInEur(): Promise<PolicyPriceDto[]> {
    return this.prices.list();
  }

  @Post('prices')
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'States a reference price. A first price, and a price below 80 % of the highest of a day, requires two people',
  })
  @Answers(PolicyPriceDto)
  @MayAwait()
  @Refuses({ 409: 'the same person repeated the request', 422: 'this is no price' })
  async setPrice(
    @Body() price: SetPolicyPriceDto,
    @CallerOf() caller: Caller,
  ): Promise<PolicyPriceDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.prices.run(price, caller));
  }
}
