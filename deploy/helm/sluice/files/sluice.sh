#!/bin/sh
# Runs the operator command with the token of its caller, who gives it on standard input:
#   kubectl exec -i deploy/sluice-toolbox -- sluice halt list < token
# The token is not an argument, which others in this pod could read, and its file is removed with the command.
set -eu
umask 077
if [ ! -t 0 ]; then
  token=$(mktemp /tmp/token.XXXXXX)
  trap 'rm -f "$token"' EXIT
  trap 'exit 143' TERM INT HUP
  cat >"$token"
  [ ! -s "$token" ] || export SLUICE_TOKEN_FILE="$token"
fi
node /srv/app/dist/main.js "$@" </dev/null
