#!/bin/sh
# Creates the missing secrets of docker-compose.yml in deploy/secrets.
# Only the owner may enter the folder; the files are readable by the users of the containers.
set -eu
umask 077
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"

secret() { # NAME BYTES
  test -s "$folder/$1" && return
  head -c "$2" /dev/urandom | base64 | tr -d '\n=' >"$folder/$1.part"
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
  echo "made $folder/$1"
}

for service in onboarding catalog-shops vouchers bonus checkout; do
  secret "oidc-$service" 33
  secret "mongo-$service" 33
done
secret oidc-web 33
secret mongo-sequencer 33
secret mongo-root 33
secret mongo-keyfile 567
for keys in master-keys master-keys-onboarding; do
  test -s "$folder/$keys" || {
    printf '1 %s\n' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')" >"$folder/$keys.part"
    chmod 444 "$folder/$keys.part"
    mv "$folder/$keys.part" "$folder/$keys"
    echo "made $folder/$keys"
  }
done
secret link-secret 33
secret link-secret-vouchers 33
secret session-key 33
secret mac-keys 33
secret kc-bootstrap-admin-password 33
secret people-password 15
