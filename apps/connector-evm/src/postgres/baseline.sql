-- A sending address. next_nonce is assigned under a row lock; lanes of a network are locked in the order of addresses.
-- complete_from: lowest nonce from which every nonce has a row. forgotten_at: last time that transactions without a row were found on the chain.
CREATE TABLE lane (
  network        text NOT NULL CHECK (network ~ '^[A-Z0-9_-]{1,32}$'),
  address        text NOT NULL CHECK (address ~ '^0x[0-9a-fA-F]{40}$'),
  purpose        text NOT NULL CHECK (purpose IN ('hot', 'tank')),
  account_id     uuid,
  next_nonce     bigint NOT NULL CHECK (next_nonce >= 0),
  paused_because text CHECK (length(paused_because) BETWEEN 1 AND 1000),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  complete_from  bigint NOT NULL DEFAULT 0 CHECK (complete_from >= 0),
  forgotten_at   timestamptz,
  unread_nonce   bigint,
  unread_block   bigint,
  PRIMARY KEY (network, address),
  CHECK ((unread_nonce IS NULL) = (unread_block IS NULL))
);

-- amount: in the smallest units. gas_reserve: maximum cost in wei. mined_in: block of its transaction, as last seen.
-- A payment that was never sent may become a void transaction and keeps its withdrawal.
CREATE TABLE nonce (
  network          text NOT NULL,
  address          text NOT NULL,
  nonce            bigint NOT NULL CHECK (nonce >= 0),
  purpose          text NOT NULL CHECK (purpose IN ('payment', 'void', 'top_up')),
  withdrawal_id    uuid,
  client_reference text,
  asset            text NOT NULL,
  decimals         smallint NOT NULL CHECK (decimals BETWEEN 0 AND 36),
  amount           numeric(78) NOT NULL CHECK (amount >= 0),
  recipient        text NOT NULL CHECK (recipient ~ '^0x[0-9a-fA-F]{40}$'),
  gas_reserve      numeric(78) NOT NULL DEFAULT 0 CHECK (gas_reserve >= 0),
  state            text NOT NULL DEFAULT 'leased' CHECK (state IN ('leased', 'released', 'final', 'dead')),
  outcome          text CHECK (outcome IN ('paid', 'no_transfer', 'reverted', 'disputed', 'void', 'dead')),
  mined_in         bigint CHECK (mined_in >= 0),
  leased_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  released_at      timestamptz,
  cancel_asked_at  timestamptz,
  final_at         timestamptz,
  taken_back_at    timestamptz,
  CONSTRAINT payment_of_a_withdrawal CHECK (purpose <> 'payment' OR (withdrawal_id IS NOT NULL AND client_reference IS NOT NULL)),
  CONSTRAINT void_pays_nothing CHECK (purpose <> 'void' OR (amount = 0 AND recipient = address)),
  CONSTRAINT ended_with_an_outcome CHECK (((state IN ('final', 'dead')) = (outcome IS NOT NULL)) AND ((outcome IS NOT NULL) = (final_at IS NOT NULL))),
  CONSTRAINT released_at_a_time CHECK (state NOT IN ('released', 'final') OR released_at IS NOT NULL),
  CONSTRAINT dead_and_not_final CHECK ((outcome = 'dead') = (state = 'dead')),
  PRIMARY KEY (network, address, nonce),
  CONSTRAINT one_nonce_per_withdrawal UNIQUE (withdrawal_id),
  FOREIGN KEY (network, address) REFERENCES lane (network, address)
) WITH (fillfactor=70);
CREATE INDEX nonce_open ON nonce (network, address, nonce) WHERE state IN ('leased', 'released') AND mined_in IS NULL;
CREATE INDEX nonce_not_final ON nonce (network) WHERE state IN ('leased', 'released');
CREATE INDEX nonce_taken_back ON nonce (network) WHERE taken_back_at IS NOT NULL;
CREATE INDEX nonce_client_reference ON nonce (client_reference);
CREATE INDEX nonce_released_at ON nonce (released_at);
CREATE INDEX nonce_mined_in ON nonce (network, mined_in);

CREATE FUNCTION nonce_only_goes_forward()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
  BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state = 'leased' OR (OLD.state = 'released' AND NEW.state IN ('final','dead'))) THEN
      RAISE EXCEPTION 'a row of nonce does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'leased' AND (NEW.withdrawal_id IS DISTINCT FROM OLD.withdrawal_id OR NEW.amount <> OLD.amount OR NEW.recipient <> OLD.recipient
                                  OR NEW.asset <> OLD.asset OR NEW.purpose <> OLD.purpose) THEN
      RAISE EXCEPTION 'what a nonce was let go for does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.purpose <> 'payment' AND NEW.purpose = 'payment' THEN
      RAISE EXCEPTION 'a nonce that was given up never pays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

-- sent_in: head when a node first accepted the transaction. refused_as: the latest refusal, which decides about the next bytes of the nonce; refused_with: its text.
-- paid: proven by the receipt; NULL before finality. gas_used, effective_gas_price: NULL also in a final transaction, because nodes leave fields of receipts out.
CREATE TABLE transaction (
  hash                text CHECK (hash ~ '^0x[0-9a-f]{64}$') PRIMARY KEY,
  network             text NOT NULL,
  address             text NOT NULL,
  nonce               bigint NOT NULL,
  kind                text NOT NULL CHECK (kind IN ('payment', 'void', 'top_up')),
  raw                 text NOT NULL CHECK (raw ~ '^0x02[0-9a-f]+$'),
  gas_limit           numeric(78) NOT NULL CHECK (gas_limit > 0),
  max_fee             numeric(78) NOT NULL CHECK (max_fee > 0),
  max_priority_fee    numeric(78) NOT NULL CHECK (max_priority_fee >= 0),
  signed_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at             timestamptz,
  sent_in             bigint,
  refused_as          text,
  refused_with        text,
  refused_at          timestamptz,
  refusals            integer NOT NULL DEFAULT 0,
  block_number        bigint,
  block_hash          text CHECK (block_hash ~ '^0x[0-9a-f]{64}$'),
  mined_at            timestamptz,
  reverted            boolean,
  paid                boolean,
  gas_used            numeric(78),
  effective_gas_price numeric(78),
  final_at            timestamptz,
  CONSTRAINT mined_in_a_block CHECK ((block_number IS NULL) = (block_hash IS NULL) AND (block_number IS NULL) = (mined_at IS NULL)),
  CONSTRAINT final_in_a_block CHECK (final_at IS NULL OR block_number IS NOT NULL),
  FOREIGN KEY (network, address, nonce) REFERENCES nonce (network, address, nonce)
) WITH (fillfactor=70);
CREATE INDEX transaction_nonce ON transaction (network, address, nonce);
CREATE INDEX transaction_final ON transaction (network, final_at) WHERE final_at IS NOT NULL;
CREATE UNIQUE INDEX transaction_one_final ON transaction (network, address, nonce) WHERE final_at IS NOT NULL;

CREATE TABLE top_up (
  id           uuid DEFAULT gen_random_uuid() PRIMARY KEY,
  network      text NOT NULL,
  from_address text NOT NULL CHECK (from_address ~ '^0x[0-9a-fA-F]{40}$'),
  to_address   text NOT NULL CHECK (to_address ~ '^0x[0-9a-fA-F]{40}$'),
  amount       numeric(78) NOT NULL CHECK (amount > 0),
  nonce        bigint,
  outcome      text CHECK (outcome IN ('paid', 'no_transfer', 'reverted', 'disputed', 'void', 'dead')),
  begun_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at     timestamptz,
  CONSTRAINT ended_with_an_outcome CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  FOREIGN KEY (network, from_address, nonce) REFERENCES nonce (network, address, nonce)
);
CREATE INDEX top_up_lately ON top_up (network, begun_at);
CREATE UNIQUE INDEX top_up_one_at_once ON top_up (network, to_address) WHERE ended_at IS NULL;

CREATE TABLE chain_follower (
  network      text PRIMARY KEY,
  owner        uuid NOT NULL,
  until        timestamptz NOT NULL,
  token        bigint NOT NULL,
  head_number  bigint,
  head_hash    text,
  final_number bigint,
  base_fee     numeric(78),
  tip          numeric(78),
  looked_at    timestamptz
);

-- units: expected balance in the smallest units; negative if more has left than was received. nonces: number of counted nonces of the address.
CREATE TABLE wallet_coin (
  network    text NOT NULL CHECK (network ~ '^[A-Z0-9_-]{1,32}$'),
  address    text NOT NULL CHECK (address ~ '^0x[0-9a-fA-F]{40}$'),
  asset      text NOT NULL CHECK (length(asset) BETWEEN 3 AND 65),
  units      numeric(78) NOT NULL,
  arrivals   integer NOT NULL CHECK (arrivals >= 0),
  nonces     bigint NOT NULL CHECK (nonces >= 0),
  counted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (network, address, asset)
) WITH (fillfactor=70);

CREATE TABLE awaiting_signer (
  withdrawal_id uuid PRIMARY KEY,
  message       jsonb NOT NULL,
  ended_at      timestamptz NOT NULL DEFAULT now()
);

-- asset, amount and recipient are NULL for a transaction that paid no other address.
CREATE TABLE forgotten_transaction (
  network      text NOT NULL,
  address      text NOT NULL,
  nonce        bigint NOT NULL,
  hash         text NOT NULL,
  block_number bigint NOT NULL,
  asset        text,
  amount       numeric CHECK (amount > 0),
  recipient    text,
  noted_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((asset IS NULL) = (amount IS NULL) AND (asset IS NULL) = (recipient IS NULL)),
  PRIMARY KEY (network, address, nonce)
);

CREATE TRIGGER only_forward BEFORE UPDATE ON nonce
  FOR EACH ROW EXECUTE FUNCTION nonce_only_goes_forward();

CREATE INDEX submission_put_back ON submission (withdrawal_id) WHERE put_back_at IS NOT NULL;
CREATE INDEX former_attempt_put_back ON former_attempt (withdrawal_id) WHERE put_back_at IS NOT NULL;
