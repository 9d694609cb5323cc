#!/bin/bash
# Keycloak reads secrets from its environment: the file oidc-vouchers becomes OIDC_VOUCHERS, for the
# placeholders of the realm.
set -eu

for file in "${SECRETS:-/run/secrets}"/*; do
  name=${file##*/}
  name=${name//-/_}
  export "${name^^}=$(<"$file")"
done

exec "${KEYCLOAK:-/opt/keycloak}/bin/kc.sh" start --optimized --import-realm
