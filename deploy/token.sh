#!/bin/sh
# Prints a token of whoever signs in at the address that this shows (RFC 8628). No password passes
# through here, and the token says when the person signed in.
set -eu
realm=${1:-http://issuer.localhost:8100/realms/zugabe}
client=${2:-people}
endpoint=$realm/protocol/openid-connect

field() { # NAME: the value of a field of the JSON object on stdin
  sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p"
}

asked=$(curl -sS "$endpoint/auth/device" -d "client_id=$client" -d scope=openid)
device=$(printf %s "$asked" | field device_code)
test -n "$device" || { printf '%s\n' "$asked" >&2; exit 1; }
printf 'Open this page and sign in: %s\n' "$(printf %s "$asked" | field verification_uri_complete)" >&2
interval=$(printf %s "$asked" | field interval)
left=${TRIES:-120}
while [ "$left" -gt 0 ]; do
  left=$((left - 1))
  answer=$(curl -sS "$endpoint/token" -d "client_id=$client" -d "device_code=$device" \
    -d grant_type=urn:ietf:params:oauth:grant-type:device_code)
  token=$(printf %s "$answer" | field access_token)
  test -z "$token" || { printf '%s\n' "$token"; exit 0; }
  case $(printf %s "$answer" | field error) in
    authorization_pending | slow_down) sleep "${interval:-5}" ;;
    *) printf '%s\n' "$answer" >&2; exit 1 ;;
  esac
done
echo "Nobody has signed in." >&2
exit 1
