-- Logins that have gone to the issuer and not come back. key_hash: of the browser's cookie and the state.
-- secrets: the verifier and the nonce, sealed.
CREATE TABLE login_attempt (
  key_hash   text PRIMARY KEY,
  secrets    jsonb NOT NULL,
  target     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ends_at    timestamptz NOT NULL
);
CREATE INDEX login_attempt_ends ON login_attempt (ends_at);

-- secret_hash: of the cookie's value. tokens: the person's tokens, sealed; gone with the end of the session.
CREATE TABLE session (
  id                uuid PRIMARY KEY,
  secret_hash       text NOT NULL UNIQUE,
  person            text NOT NULL CHECK (person <> ''),
  roles             text[] NOT NULL,
  address           text NOT NULL,
  browser           text NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  last_used_at      timestamptz NOT NULL DEFAULT now(),
  ends_at           timestamptz NOT NULL,
  tokens            jsonb,
  tokens_at         timestamptz NOT NULL DEFAULT now(),
  access_expires_at timestamptz NOT NULL,
  refresh_tried_at  timestamptz,
  ended_at          timestamptz,
  ended_by          text,
  ended_because     text CHECK (ended_because IN ('logout', 'revoked', 'replaced', 'idle', 'life', 'issuer')),
  CHECK (ends_at > created_at),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CHECK ((ended_at IS NULL) = (tokens IS NOT NULL))
);
CREATE INDEX session_open ON session (person, created_at) WHERE ended_at IS NULL;
