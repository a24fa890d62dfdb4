#!/bin/sh
# Pays one withdrawal: an account and a key of its own, money, the order, and its end.
set -eu
sluice() { node /srv/app/dist/main.js "$@"; }
# Approves a request as the second person.
approve() {
  SLUICE_CLIENT_ID=$SLUICE_APPROVER_ID SLUICE_CLIENT_SECRET_FILE=/secrets/approver-secret \
    node /srv/app/dist/main.js approve "$@"
}
field() { node -p "JSON.parse(fs.readFileSync(0))$1"; }
account=$(sluice account create --name helm-test --json | field .account_id)
key=$(sluice key create --account "$account" --permissions withdraw --any-address --json)
SLUICE_KEY_ID=$(echo "$key" | field .key_id)
SLUICE_SECRET=$(echo "$key" | field .secret)
export SLUICE_KEY_ID SLUICE_SECRET
# The account is younger than a day, so its money takes two people.
funding=$(sluice fund --account "$account" --currency USDT --network TRX --amount 100 --reference helm-test --json | field .approval_id)
approve "$funding" --service ledger
sluice api POST /v1/withdrawals '{"currency":"USDT","network":"TRX","to_address":"TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL","amount":"25","client_reference":"helm-test"}' --prefer-wait 10
for _ in $(seq 60); do
  state=$(sluice withdrawal list --account "$account" --json | field "[0]?.state")
  case $state in
    completed) echo "ok: paid" && exit 0 ;;
    failed | rejected | cancelled | undecided) echo "it is $state" && exit 1 ;;
  esac
  sleep 1
done
echo "not paid within a minute: $state"
exit 1
