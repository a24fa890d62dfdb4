-- The first two keys promise: a nonce belongs to one payment, and a payment has one nonce.
-- number: position among the nonces of the address, from 1 without gaps. seal: proof that the signer wrote the row.
CREATE TABLE signed_nonce (
  chain_id      bigint NOT NULL CHECK (chain_id > 0),
  address       text NOT NULL,
  nonce         bigint NOT NULL CHECK (nonce >= 0),
  kind          text NOT NULL CHECK (kind IN ('payment', 'void', 'top_up')),
  withdrawal_id uuid UNIQUE,
  recipient     text NOT NULL,
  token         text,
  units         numeric NOT NULL CHECK (units >= 0),
  gas_asset     text NOT NULL,
  given_at      timestamptz NOT NULL DEFAULT now(),
  number        bigint NOT NULL,
  seal          text NOT NULL,
  CHECK ((kind = 'payment') = (withdrawal_id IS NOT NULL)),
  CHECK ((kind = 'void') = (units = 0)),
  CHECK (kind <> 'void' OR (recipient = address AND token IS NULL)),
  PRIMARY KEY (chain_id, address, nonce)
);
CREATE UNIQUE INDEX signed_nonce_number ON signed_nonce (chain_id, address, number);

-- signing_hash: hash of the signed request, without the sender. units: smallest units of the coin or token. gas_cost: in coins.
CREATE TABLE signature (
  signing_hash             text NOT NULL,
  hash                     text NOT NULL,
  raw                      text NOT NULL,
  kind                     text NOT NULL CHECK (kind IN ('payment', 'void', 'top_up')),
  chain_id                 bigint NOT NULL,
  address                  text NOT NULL,
  nonce                    bigint NOT NULL,
  recipient                text NOT NULL,
  token                    text,
  units                    numeric NOT NULL,
  max_fee_per_gas          numeric NOT NULL,
  max_priority_fee_per_gas numeric NOT NULL,
  gas_limit                numeric NOT NULL,
  gas_cost                 numeric NOT NULL,
  signed_at                timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'void') = (units = 0)),
  CHECK (kind <> 'void' OR (recipient = address AND token IS NULL)),
  PRIMARY KEY (signing_hash, address),
  FOREIGN KEY (chain_id, address, nonce) REFERENCES signed_nonce (chain_id, address, nonce)
);
CREATE INDEX signature_of_nonce ON signature (chain_id, address, nonce);

CREATE TABLE signed_total (
  spending text NOT NULL CHECK (spending IN ('payment', 'top_up', 'gas')),
  asset    text NOT NULL,
  hour     timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00',
  amount   numeric NOT NULL DEFAULT 0 CHECK (amount >= 0),
  PRIMARY KEY (spending, asset)
) WITH (fillfactor=50);

-- signed: a nonce was assigned before the withdrawal was closed.
CREATE TABLE closed_withdrawal (
  withdrawal_id uuid PRIMARY KEY,
  signed        boolean NOT NULL,
  closed_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX closed_withdrawal_at ON closed_withdrawal (closed_at);

-- The newest row of an address counts; nonces assigned before no longer move its window.
CREATE TABLE nonce_placement (
  chain_id     bigint NOT NULL CHECK (chain_id > 0),
  address      text NOT NULL,
  next_nonce   bigint NOT NULL CHECK (next_nonce >= 0),
  evidence     text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 1000),
  requested_by text NOT NULL,
  approved_by  text NOT NULL,
  placed_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (chain_id, address, placed_at)
);
